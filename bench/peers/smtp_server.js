// nodemailer's smtp-server as a benchmark's peer:  node smtp_server.js CHAIN.pem KEY.pem
// Prints "port N" and ends with its standard input.
'use strict';
const fs = require('fs');
const { SMTPServer } = require('smtp-server');

const server = new SMTPServer({
  name: 'mx.bench.test',
  cert: fs.readFileSync(process.argv[2]),
  key: fs.readFileSync(process.argv[3]),
  disabledCommands: ['AUTH'],
  disableReverseLookup: true,
  logger: false,
});
server.on('error', () => {}); // a client that goes away: the load generator tells of failures
server.listen(0, '127.0.0.1', () => console.log('port', server.server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
