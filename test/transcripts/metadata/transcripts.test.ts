// Runs every transcript of this folder against the metadata of a node with time and log in the test's hand; what a
// transcript is and how one is written anew, test/support/transcript.ts says.

import { describe } from 'node:test';
import { runCommand, testTranscripts } from '../../support/transcript.ts';
import { commands } from './metadata-commands.ts';
import { MetadataWorld } from './metadata-world.ts';

describe('metadata transcripts', () => {
  testTranscripts(import.meta.dirname, () => {
    const world = new MetadataWorld();
    return {
      run: line => runCommand(commands, line, (command, words) => command(world, words)),
      takeOutput: () => world.takeOutput(),
    };
  });
});
