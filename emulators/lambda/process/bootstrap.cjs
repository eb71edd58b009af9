// The Node runtime of Shakedown: it fetches invocations from the Lambda Runtime
// API and calls the handler that _HANDLER names, as in "index.handler".
'use strict';
const http = require('node:http');
const path = require('node:path');
const fs = require('node:fs');
const { pathToFileURL } = require('node:url');

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function request(method, target, headers, body) {
  return new Promise((resolve, reject) => {
    const r = http.request({ host, port, agent, method, path: '/2018-06-01/runtime/' + target, headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts).toString() }));
      answer.on('error', reject);
    });
    r.on('error', reject);
    r.end(body);
  });
}

function describe(err) {
  if (!(err instanceof Error)) return { errorType: typeof err, errorMessage: String(err), trace: [] };
  return { errorType: err.name, errorMessage: err.message, trace: (err.stack || '').split('\n') };
}

async function load() {
  const cut = process.env._HANDLER.lastIndexOf('.');
  const [file, name] = [process.env._HANDLER.slice(0, cut), process.env._HANDLER.slice(cut + 1)];
  const base = path.resolve(process.env.LAMBDA_TASK_ROOT, file);
  const found = ['.js', '.mjs', '.cjs'].map((ext) => base + ext).find((f) => fs.existsSync(f));
  if (cut < 1 || !found) {
    const err = new Error(`Cannot find module '${file}'`);
    err.name = 'Runtime.ImportModuleError';
    throw err;
  }
  const loaded = await import(pathToFileURL(found).href);
  const handler = loaded[name] || (loaded.default && loaded.default[name]);
  if (typeof handler !== 'function') {
    const err = new Error(`${process.env._HANDLER} is undefined or not exported`);
    err.name = 'Runtime.HandlerNotFound';
    throw err;
  }
  return handler;
}

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const client = headers['lambda-runtime-client-context'];
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: client ? JSON.parse(client) : undefined,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
  };
}

// call runs an async handler, or one that takes a callback.
function call(handler, event, context) {
  return new Promise((resolve, reject) => {
    const answer = handler(event, context, (err, result) => (err ? reject(err) : resolve(result)));
    if (answer && typeof answer.then === 'function') answer.then(resolve, reject);
    else if (handler.length < 3) resolve(answer);
  });
}

async function fail(target, err) {
  const body = JSON.stringify(describe(err));
  console.error(body);
  await request('POST', target, { 'Lambda-Runtime-Function-Error-Type': describe(err).errorType }, body);
}

async function main() {
  let handler;
  try {
    handler = await load();
  } catch (err) {
    await fail('init/error', err);
    process.exit(1);
  }
  for (;;) {
    const { headers, body } = await request('GET', 'invocation/next');
    const id = headers['lambda-runtime-aws-request-id'];
    process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] || '';
    try {
      const result = await call(handler, JSON.parse(body), contextOf(headers));
      const text = JSON.stringify(result);
      await request('POST', `invocation/${id}/response`, { 'Content-Type': 'application/json' }, text === undefined ? 'null' : text);
    } catch (err) {
      await fail(`invocation/${id}/error`, err);
    }
  }
}

main().catch((err) => {
  console.error(err);
  process.exit(1);
});
