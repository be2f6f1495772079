// SPDX-License-Identifier: ISC
// api.mjs: the OpenAPI file is valid, and agrees both ways with the addresses of core/route.c, the codes of core/status.c and the pages in
// JSON.
import { Validator } from '@seriousme/openapi-schema-validator';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { api, judgeReply, pathOf } from '../openapi.mjs';
import { caller, check, makeFolder, readTree, root, run } from './lib.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
const missing = (list, from) => list.filter((each) => !from.includes(each));
const plain = (path) => path.replace(/\{\w+\}/g, '*');

/* Addresses that core/route.c knows: "GET /api/calendar". The live count, /live/NAME, ends in .json. */
const routes = [...read('core/route.c').matchAll(/^\t\{ ROUTE_\w+, "([^"]+)", "([^"]+)" \}/gm)]
	.map(([, path, allow]) => `${allow.split(', ')[0]} ${path === '/live/*' ? '/live/*.json' : path}`);
/* Pages in JSON, by what their queries say: "GET /history/{year}.json". */
const pages = readdirSync(join(root, 'templates/pages')).filter((name) => name.endsWith('.sql'))
	.flatMap((name) => [...read(`templates/pages/${name}`).matchAll(/^-- @page (?:public|private) (\S+\.json)$/gm)].map(([, path]) => `GET /${plain(path)}`));

await run(async () => {
	const validator = new Validator(), verdict = await validator.validate(structuredClone(api));
	check('a validator takes it for OpenAPI 3.1', verdict.valid && validator.version === '3.1', verdict);
	validator.resolveRefs();
	check('and takes nothing for it that lacks a part', !(await new Validator().validate({ ...structuredClone(api), info: {} })).valid);
	const ids = Object.values(api.paths).flatMap((path) => Object.values(path)).map(({ operationId }) => operationId);
	check('every operation has a name of its own', new Set(ids).size === ids.length && ids.length > 20, ids);
	const used = `${JSON.stringify(api)} "#/components/schemas/Everything"`;	// a file of turnout export --all: leave.mjs judges it
	for (const [kind, parts] of Object.entries(api.components).filter(([kind]) => kind !== 'securitySchemes'))
		check(`each of the ${kind} is used`, Object.keys(parts).every((name) => used.includes(`"#/components/${kind}/${name}"`)),
			Object.keys(parts).filter((name) => !used.includes(`"#/components/${kind}/${name}"`)));
	for (const [path, operations] of Object.entries(api.paths))
		for (const [verb, operation] of Object.entries(operations)) {
			const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
			const has = (operation.parameters ?? []).map(({ $ref }) => api.components.parameters[$ref.split('/').at(-1)]);
			check(`${verb} ${path} has the parameters of its address`, named.join() === has.filter((each) => each.in === 'path').map(({ name }) => name).join(), has);
		}

	const described = Object.entries(api.paths).flatMap(([path, operations]) => Object.keys(operations).map((verb) => `${verb.toUpperCase()} ${plain(path)}`));
	check('core/route.c and the pages were read', routes.includes('GET /api/attendance/export') && routes.length > 15 && pages.length > 10, [routes.length, pages.length]);
	check('each address that turnoutd knows is in it, with its method', missing(routes, described).length === 0, missing(routes, described));
	check('and each page in JSON', missing(pages, described).length === 0, missing(pages, described));
	check('and nothing else', missing(described, [...routes, ...pages]).length === 0, missing(described, [...routes, ...pages]));
	const codes = [...read('core/status.c').matchAll(/\{ "(\w+)", ([1-9]\d\d), \d+, "/g)].map(([, code]) => code);
	check('the codes are those of core/status.c', codes.length > 40 && codes.join() === api.components.schemas.Code.enum.join(), missing(codes, api.components.schemas.Code.enum));

	const folder = makeFolder(), turnout = caller(folder), made = turnout(['init', '--demo']);
	turnout(['person', 'link', 'Eleanor Hughes']);
	turnout(['publish']);
	const files = [...readTree(join(folder, 'site')).entries()].filter(([path]) => path.endsWith('.json') && !path.startsWith('private/messages/'));
	const faults = files.map(([path, bytes]) => [path, judgeReply('GET', path.replace(/^(public|private)/, ''), 200, bytes.toString())]).filter(([, fault]) => fault !== '');
	check('every JSON file of the demo club is what it says', made.code === 0 && faults.length === 0, faults.slice(0, 3));
	const kinds = new Set(files.map(([path]) => `GET ${plain(pathOf(path.replace(/^(public|private)/, '')))}`));
	check('of each kind there was one', missing(pages, [...kinds]).length === 0, missing(pages, [...kinds]));
	check('the site has the file itself, to the byte', files.find(([path]) => path === 'public/api/openapi.json')[1].toString() === read('templates/pages/api-openapi.json'));
	check('what is not so is found', judgeReply('GET', '/health/live', 200, '{"status":"dead"}') !== '' && judgeReply('GET', '/api/none', 200, '{}') !== ''
		&& judgeReply('GET', '/health/live', 418, '{"status":"live"}') !== '' && judgeReply('GET', '/health/live', 200, '{"status":"live","more":1}') !== '');
});
