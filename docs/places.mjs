/**
 * A plugin for typedoc: shows parameters that can be positional or options (`...given`, a union of named tuples) as the
 * longest of these tuples, so that each has its description.
 */
import { Converter, ParameterReflection, ReflectionFlag, ReflectionKind } from 'typedoc';

export function load(app) {
  // Before comments are assigned to parameters, which happens when they are resolved.
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const signature of project.getReflectionsByKind(ReflectionKind.SomeSignature)) expand(signature, project);
  });
}

function expand(signature, project) {
  const rest = signature.parameters?.at(-1);
  const places = rest?.flags.isRest ? longest(rest.type) : undefined;
  if (!places) return;
  const parameters = places.map(({ name, element, isOptional }) => {
    const parameter = new ParameterReflection(name, ReflectionKind.Parameter, signature);
    parameter.type = element;
    if (isOptional) parameter.setFlag(ReflectionFlag.Optional, true);
    project.registerReflection(parameter, undefined, undefined);
    return parameter;
  });
  signature.parameters.push(...parameters);
  project.removeReflection(rest);
}

/** The members of a type's longest tuple; undefined if they have no names. */
function longest(type) {
  if (type?.type === 'reference' && type.reflection?.type) return longest(type.reflection.type);
  const tuples = type?.type === 'union' ? type.types : [type];
  if (!tuples.every((tuple) => tuple?.type === 'tuple')) return undefined;
  const members = tuples.map(({ elements }) => elements).reduce((a, b) => (b.length > a.length ? b : a));
  return members.length > 0 && members.every((member) => member.type === 'namedTupleMember') ? members : undefined;
}
