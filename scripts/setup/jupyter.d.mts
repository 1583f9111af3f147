/** A program of the virtual environment. */
export function program(name: string): string;

/** Changes to the environment variables for Jupyter's programs; what is set for another Jupyter is unset. */
export function jupyterEnvironment(env?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
