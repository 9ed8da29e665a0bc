// Runs every transcript of this folder against a coordinator with time and log in the test's hand; what a transcript is
// and how one is written anew, test/support/transcript.ts says.

import { describe } from 'node:test';
import { runCommand, testTranscripts } from '../../support/transcript.ts';
import { Words } from '../groups/group-commands.ts';
import { GroupWorld } from '../groups/group-world.ts';
import { commands } from './share-commands.ts';

describe('share group transcripts', () => {
  testTranscripts(import.meta.dirname, () => {
    const world = new GroupWorld();
    world.coordinator.start();
    return {
      run: line => runCommand(commands, line, (command, words) => command(world, new Words(words))),
      takeOutput: () => world.takeOutput(),
    };
  });
});
