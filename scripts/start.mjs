/** `npm start`: sets up what is missing and trains in the terminal. Takes the options of `npm run train`. */
import './train.mjs';
