// A principal as it travels inside Envelope, behind an int16 version.

import { bool, message, string } from '../schema/field.ts';

export const DefaultPrincipalData = message({
  name: 'DefaultPrincipalData',
  versions: '0',
  flexible: '0+',
  fields: {
    type: string,
    name: string,
    tokenAuthenticated: bool,
  },
});
