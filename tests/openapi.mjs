// SPDX-License-Identifier: ISC
// openapi.mjs: is a reply as the OpenAPI file of the site describes it? Judged by Ajv, in the dialect of OpenAPI 3.1: JSON Schema 2020-12.
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './checks.mjs';

export const api = JSON.parse(readFileSync(join(root, 'templates/pages/api-openapi.json'), 'utf8'));

const ajv = addFormats.default(new Ajv2020.default({ strict: false, allErrors: true }));
ajv.addSchema(api, 'api');
const escape = (part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
const pattern = (path) => new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);
/* A path that is written out comes before one with a parameter. */
const paths = Object.keys(api.paths).sort((a, b) => a.split('{').length - b.split('{').length).map((path) => ({ path, fits: pattern(path) }));

/** The path of the file that `address` (without a query) is at; undefined for none. */
export const pathOf = (address) => paths.find(({ fits }) => fits.test(address))?.path;

/** What is wrong with `value` by the schema at `pointer`: '' for nothing. */
export function faultOf(pointer, value) {
	const validate = ajv.getSchema(`api#${pointer}`);
	return validate(value) ? '' : ajv.errorsText(validate.errors).slice(0, 400);
}

/** What is wrong with the JSON `text` as the reply to such a request: '' for nothing. What is at no address of the file may be a refusal. */
export function judgeReply(method, address, status, text) {
	const path = pathOf(address), verb = method === 'HEAD' ? 'get' : method.toLowerCase(), operation = api.paths[path]?.[verb];
	let value;

	try {
		value = JSON.parse(text);
	} catch (error) {
		return `it is no JSON: ${error.message}`;
	}
	if (operation === undefined)
		return [400, 404, 405].includes(status) ? faultOf('/components/schemas/Refusal', value) : `${method} ${address} is not in the file`;
	let pointer = `/paths/${escape(path)}/${verb}/responses/${status}`, response = operation.responses[status];
	if (response === undefined)
		return `${status} is not in the file`;
	if (response.$ref !== undefined) {
		pointer = response.$ref.slice(1);
		response = api.components.responses[pointer.split('/').at(-1)];
	}
	if (response.content?.['application/json'] === undefined)
		return `JSON with ${status} is not in the file`;
	return faultOf(`${pointer}/content/${escape('application/json')}/schema`, value);
}
