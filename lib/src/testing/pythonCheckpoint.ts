/**
 * A checkpoint and its graph as Python's TensorFlow 2.15.1 wrote them, with TensorFlow 1's behavior:
 *
 *     x = tf.placeholder(tf.float32, [None, 2], name='x')
 *     with tf.name_scope('layer'):
 *       w = tf.Variable([[1., 2., 3.], [4., 5., 6.]], name='weights')
 *       with tf.device('/cpu:0'):
 *         b = tf.Variable([0.5, -0.5, 0.25], name='biases')
 *       y = tf.add(tf.matmul(x, w), b, name='y')
 *     step = tf.train.get_or_create_global_step()
 *     tf.Variable([b'caf\xc3\xa9', b'\xff\x00'], name='names', trainable=False)
 *     tf.Variable(True, name='flag', trainable=False)
 *     tf.Variable(2.0, name='scratch', collections=[tf.GraphKeys.LOCAL_VARIABLES], trainable=False)
 *     loss = tf.reduce_sum(tf.square(y), name='loss')
 *     tf.train.GradientDescentOptimizer(0.5).minimize(loss, global_step=step)
 *     tf.add_to_collection('losses', loss)
 *     for key, value in [('labels', 'a'), ('labels', 'b'), ('sizes', 2), ('sizes', 3), ('rates', 0.5)]:
 *       tf.add_to_collection(key, value)
 *     saver = tf.train.Saver(max_to_keep=3, keep_checkpoint_every_n_hours=2)
 *     tf.add_to_collection(tf.GraphKeys.SAVERS, saver)
 *     with tf.Session() as session:
 *       session.run([tf.global_variables_initializer(), step.assign(7)])
 *       saver.save(session, 'model.ckpt', global_step=step)
 */
import { gunzipSync } from 'node:zlib';

/** The files, by their names. */
export function pythonCheckpoint(): Record<string, Buffer> {
  return {
    'model.ckpt-7.index': decode(index),
    'model.ckpt-7.data-00000-of-00001': decode(data),
    'model.ckpt-7.meta': gunzipSync(decode(metaGraph)),
  };
}

function decode(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join(''), 'base64');
}

const index = [
  'AAAGCAEaAggBAAQLZmxhZwgKEgAoATUFKyhDAAsNZ2xvYmFsX3N0ZXAICRIAIAEoCDW7158RAAwRbGF5ZXIvYmlhc2VzCAESBBICCAMgCSgMNf',
  'RgKQ4GBxV3ZWlnaHRzCAESCBICCAISAggDIBUoGDV66/WrAAURbmFtZXMIBxIEEgIIAiAtKA01j2X7nwAAAAABAAAAAHWtajgAAAAAAQAAAADA',
  '8qGwAAEDbwCWAQAAAAABAAAAAJHXsECbAQioAQ8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAV/uAiyR1R9s=',
];

const data = ['AQcAAAAAAAAAAAAAPwAAAL8AAIA+AACAPwAAAEAAAEBAAACAQAAAoEAAAMBABQK0oQV/Y2Fmw6n/AA=='];

/** Compressed by gzip. */
const metaGraph = [
  'H4sIAAAAAAACA9VbW4wbVxn28d2/vd7d473l5Nppm6Quib2bpE0tRBonKm1RS5WmpbSV3Vl7dnforO167LBbBA1QBOIBKnF9QvAGL0iAxAMCNQ',
  'IeeEFICIFAQrwg3vrAIxJS+c/cfGY8Mx57Nyhtas14POe/fP93/nP7F/5YpD8uwnVIXW23X9ygaSB7ErnJr/t4ZXh9E6/SccCHycF+T6lRWNgo',
  'FksknlxcWU2nErksvU3IO4TAlwgsXe31tP2P9uW2qnQG1xW9hReah8QtuY9y8EUKkJK13o7M1eB9W9EG/J7hS93hwHxJkkb6VmF5A7Ulkql0Np',
  'cvzBXnFxZpaWVVWoX8UFeaWrf1utrZpsnNbldj8bMx2IP0VV1XtztccV/ZGim+JWtDhSvDL6isNxw0nd+lnKNTYlDEV9W2PFCa+o7cUxzpJEgt',
  '+S4iMIScqRnRnE75gRy+DKlr3Y4+YPOQNiVLqbbhyLyllqYHSkfv9qU5MH8xdUEDkk+omkYpJNvqri6B2mkre03jDdHkvCMYySAAdQLEFsYzFq',
  '8mamlIbsQTOTgP2afaSAF1sM/lqR1TRJA8BDD9jDx4ZqhxBsoWEzd5iwJkev1ue9gymiAUg77c0XtdBEQeQeH+YVP44egI4AUobhQ4gxM5zuEs',
  'hSuQsHRGZ396MZVYWUX2c+qjv892P96Da5B/TpNbyk5Xayv98Xi44ZeWIGXSy7ywZC2+RuAlWBGEfEId7FxXtuShNqBFG0JTykT5Rbd8eAUyNx',
  'TzCUbAogT6Nm+9J6VvmoYExZuB9YZPrLuQQ+GDbl/BRAKQ7iG71b21DF2Agqmq2ZF3FR2fLMGCIaUpd9pNXVNb/ClbhIz5nr6RNrzQpTWw7iho',
  'qj44y+8fOkuq5CsIugbp5+VbM2qj02prQ+p5w3ORx6cdnLJ4NXrBV8li9r0MLWQJc56JEB4D57EPiI+iT28M5b5ik5FZZPQlIU+/FoW/RiDx/H',
  'BXtI4egcW+wruM2u00sZ9yz6XkTbW95w7wMuReV5Rek6cAoctEyUlrYMjz8aTFf9FccNFVyO0ij9WehobATec+LL+M3vJRogO8KPdVeVNDGmB3',
  'MDKu2QV4VvXw39s90JxWtzOQ1Y7Sp2l90Me0yuI0Jh2BPDZA7AwOiT8hE8rpjfPrl86vb6zeMm6q59bXz20/cmHrkvzIpdajrTb982vIFrJHxV',
  'xQPgPFppX2DWN0ugyl2iLNZ9+3/yM0no2X87aR8SopH7M98HsV3iZwVJP3lX7l04q6vTPQK2pHHaiy1jSzvjkslE+MqS4A1LJcBH4Sbo3r9pBx',
  'tn46S6jzlrQWi92+EovFHsf/8XMbP9/Hz53H4fME5lxmUCEqE7XPi1FAiN3mlGwAxCaL7vhgI/gXTj7cUFhzAGsuwNwWsjDcyhnOQK79FKSbLU',
  '3WdboCS5Ti0Ft73NWwfBpONXdkvbkrd4bYnnvS72rNttJTcGDstFT0F2cHE1FYdA/uvMnS2CwEn+LshrpN7ytymzrDrMfPaVyZYCJ8DpjZYFOV',
  'dcWfa9Jcpa3cwkRTu/bcC7VqmY3JzEK6lhyn3X027dbqK0g74w2pgHTjlHsX6fYR+DKBgmiAyLJp9IYTzh4Lqf26D9neI1ByQeHhmstMFoKa12',
  'wnWiedaGGWoItCtEwxkXkXBkRkzt0msOhywsM5l7+z+xRiK19cWFrsCaJ5ZWSP+XSIkdaIeddAQ5xT4gjofrTJH+GwljG17VNzzcRcZrFxnKY3',
  'Bd6C49tadxPjqg+UXuUpkzLqmygYP119lNhtRJeA0gUDUaFheWVMYRLiNRfhc2Vq97xcPZPN0dgNEoOvE8gLgjz5fDalYd0ux79YfKvF/Lrc3w',
  'hQERNPjxOtZeHg2fHITfQkah8L8jhy//oULIgme3qX6Ft04wOMAgVKxsTYf6oQ3AVdE5MMqrdYs1wvZTNGvo7XUy156zc/qsffj8EbkDLUuKgT',
  'Jj2MHhlvVo77UeTXmCJM1zzkMC1hfn7beGbKaw6eRSjgAoDjaTQ4hFQbj06FVwFMMz0kMH2IYm6IGXAT6JYmb/vHPkK2AHe2ABp7GZdGO5DkUl',
  '2hniULwMQs8AvMS4YDnggb+pmPbzZgUF51AJuDPM0ZgPH3/3+9/AXIGQZ6ImvYHsHOoA79Mizrrb48aO3MHFZSXrbDWqgDTr9i5SSf6cPrkLFk',
  'Hzi4ZGJwv0egaHviia9tBfN3dTTEMge9BSjSgoGe1eTgAWxAwVbviaFt34EMgY+NFv/mldlzjRnmEC9am4JTZvZE+bhNhaU6zSbMzC5lkQ4xgh',
  '94CZJaF93iuw3MttPSAdZuABfjWBxCltGuA59a3YD5bWvnWK+Yey2W3LUxEWlI1jwE4zM4y/JsPY2Wc0414MhIJr9r7uvNasWFzMwd5PYVeBNK',
  'PvKpsavKvO6wYFsmw7Xg2mpFd6EP943k8Zg0+deKtcNX0UUEDxh9Ykf/WwSOhiil9v4i84OFTba3XHB2GF0kCl6bcrYT2BXjPJJtschE3yKr2E',
  'eDQSkK23R8x6mAYGT5xl4i+wcCvyWw5qfP2PEy9r1YGEws2FgeZ2HLywVC1JEqco74jBhMEx3TFLF/sCONIFcPNLbsiSETlfPVHd+Pd7IfC7Ny',
  'htT4ExLkN2ptrpvKA+PLgs2+i6G6BccEg0xcfDjuWoweBtN34ESYXkRrYoYh7gyzYtNhrp63MgypEe7hh4I0DXcrYxvZh6Q3Bj8lwIIVm+NcGF',
  '3YVGb7j5Hh6S3hHSsJ3CGBcRlLxSHesQnBDUrHh7D7BN8mcCZA+2CIyQ/Hje6wx2ViVuGna+xYIywMJxvhgEQ1Gv5JoBJq2FjLfWEqGEqVs42I',
  'Ho+gPu9MJB8AiZ4y1/nBKqJnlH8QWJ/STeztI0cn8G8WX9cdX8/Ag/R+j6++QQ1j2L8JSN7mZma0AHPvJE4b9PB9x0MeAeKR9icJ/JXAA5N9xk',
  'AK+6fTOj69kxFOP9y+Eb+91x+S8SFC9C0gbdzfmAwIe7ARBbXIOeS/BC5ONjU0kUSgLjvXmAaPUdwuOR3tYXiInvHtaOPqInMV/kPgkVncdyWY',
  'SDyeGYJHHQjOwcP0oYgQIAUmHZNtwnFPAVRFU+R+R+1sN3H9fwj7MlfgV3F4zKtk2DO2KzyHoH71WL5VWt4D0nAn2IzhvSeOVmNwJw6XQ/Gzz/',
  'Wiw+c+85uA3vQD7z12Uhjjp7FH/SGs8Kxr5d5aY2aaRs613yHjPU6wBHOKactjjVlD7gU/qmVvE1jx1+nMaEMMZycaoW5FNuMdAsteSeIWMVsN',
  'UHS3DhgJfJPAvLdfjWon3cd5/rYf+CTMj9SfhJIu31IqW7jO5/vSFaN0aYqMnXEvMzM0Vk/tdtuKBh2Yc4mmAUV+zM+CaKrFDXZQAAxB5lZOkD',
  'K3TTOowVXcmiHDLMWriLV3k5foKbfkp23srtavWIeKqbpxPlIXGVF35dq6e+CqmydlsAvHRLu8FYBT2+baGLVti9n/4PcE8oI+apUmMiEILBAo',
  'Fmqqdbrl6hPu0cYzdKemO7csOWWPOchspCBHSAY+C6uGTaFTVNG5QkPwYXROedzpnCVYpPPmOYjTKvAoBKf6R43XnJJSP2ZFr/q5i0R7C056LA',
  '3g2szWTqDez/i5mcsCOqrEdcUoDFI2yQuv+WfHzMeJHC9g9n78CfZzu8P4HuV6HLqXjnF/R6xMbhrMl9J+RSgLbg9q6/dg3cnfPa5sBFSweX3Z',
  '+IDUrf3J49+FoGpQr4MX7ukS0Dsety56K1287ly858pcvohTUsPIvmlkU9Y0cd1gjSaWW8WGq8N5vl/wfL8YeWK8ZQ1yXiOcJYNb8Mas64CnYc',
  'Grx1Kw0vA1gK01AgyDLxDI8eIHN1pCUQwrNcYL5dhyw686ms01xIqpyA69BnnHBgespYZPTeyskJ2GJNdgiYaGow6dFVTDs1AwFVWmLXrxW5hk',
  '+AF3Oqy20KXtbqxB/DuMlMi+V2DXoTAazWtVeiRgilarsjHCnUpc4seul+PSrru2s0FfhZdhTniEkn1qLRn11ijWqhsnQ0sta9UnExKFtCZvKh',
  'rmCeOvuvgfdL0CfCZolO+YRUU6fZI+AdchZ9XIoAmeWiBWFGtvUPWqbylQrSotocKubhSIQ9a8x6eLkOJbL2iFlAZjF026AWmOUt9Wfhjg8kJF',
  'BECnaYYRjiekk5Ad9GW10+z2+BR4bNkr/YVAyXiD4yAA8i6hv+Q1R/OujouG+f6dA1saP4xAkI6H/JlDrXqZYOSLYq9F8X6V7aw0VtaMwo8FF7',
  'Zz2dIPEpAb+fONBH0n8UH25272EvgwZIxMjFJdRaysMCoHRUnLPjWstSpchjQfAbCxWB7J8k69ITZdGq+OrFX/B8oPM2UBPAAA',
];
