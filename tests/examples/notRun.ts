/** The examples that only compile, each with the reason. */
export const notRun: Record<string, string> = {
  'docs/projects.md A project of your own': 'would do what the command line of the tests says',
  'cli/cli.ts cli': 'would do what the command line of the tests says',
  'data/getData.ts getData': 'downloads MNIST',
  'data/idx.ts readIdx': 'reads MNIST',
  'data/imageFolder.ts readImageFolder': 'reads a folder of photographs',
  'docs/notebooks.md Output': 'starts TensorBoard',
  'docs/projects.md A model of your own': 'downloads MNIST, and trains for a minute',
  'hyperparameters/search.ts search': 'trains in several processes, for minutes',
  'models/basicAgent.ts BasicAgent': 'downloads MNIST, and trains for a minute',
  'models/cluster/localCluster.ts localCluster': 'starts processes of the compiled library',
  'models/knownModels.ts makeModel': 'downloads MNIST, and trains for a minute',
  'models/readImages.ts prepareImages': 'reads a photograph',
  'models/readImages.ts readImages': 'reads a photograph',
  'models/runFolder.ts checkpointOfStep': 'needs a run of its own',
  'models/runFolder.ts readConfigFile': 'needs a run of its own',
  'models/trial.ts trials': 'trains in several processes',
  'models/trial.ts trialsOf': 'trains in several processes',
  'models/trial.ts runTrial': 'downloads MNIST, and trains for a minute',
  'notebook/figure/figure.ts Figure': 'draws a still, which takes seconds',
  'notebook/tensorboard/tensorboard.ts tensorboard': 'starts TensorBoard',
  'tf/summary/fileWriter.ts FileWriter.figure': 'draws a still, which takes seconds',
  'tf/train/monitored/sessionCreators.ts WorkerSessionCreator': 'waits for the chief of a cluster',
  'tf/train/monitored/sessionManager.ts SessionManager.waitForSession': 'waits for the chief of a cluster',
  'runtime/imageFile/index.ts checkImageFile': 'reads a photograph',
};

/** What is public and stands in no example: errors, told apart as those that do. */
export const notShown = /^tf\.errors\./;
