// SPDX-License-Identifier: ISC
// register.mjs: every verdict on a check-in, by JSON and by form, and what a code is worth.
import { join } from 'node:path';
import { ask, check, makeClub, makeFolder, makeRun, raw, register, run, start, submit, turnout, wallTime } from './lib.mjs';

const at = ({ date, time }) => date === wallTime(0).date ? `at ${time}` : `on ${date} at ${time}`;

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	const open = makeRun(db, 'Open Group', -5, 60);
	const early = makeRun(db, 'Early Group', 180, 240);
	const late = makeRun(db, 'Late Group', -240, -180);
	const calledOff = makeRun(db, 'Cancelled Group', -10, 60);
	turnout('calendar', 'cancel', calledOff.date, '--db', db, '--group', 'Cancelled Group', '--reason', 'storm warning');
	const closed = makeRun(db, 'Closed List', -5, 60, '--closed');
	turnout('person', 'add', 'Ada Lovelace', '--group', 'Closed List', '--db', db);
	const server = await start(db, site);
	const { port } = server;
	const { token, session_id: session } = open;
	check('the first line on standard output is the address', /^listening on http:\/\/127\.0\.0\.1:\d+$/.test(server.firstLine), server.firstLine);

	const sam = await register(port, { token, runner_name: ' Sam  Vimes ', nonce: 'n-1' });
	check('a token and a name are taken with 201', sam.status === 201 && sam.json.success && sam.json.code === 'ok', sam.text);
	check('the reply says name, place, count and time', sam.json.runner_name === 'Sam Vimes' && sam.json.place === 1 && sam.json.current_count === 1 &&
		/^\d\d:\d\d$/.test(sam.json.time), sam.json);
	check('the reply says which run it is', sam.json.run.session_id === session && sam.json.run.group === 'Open Group' && sam.json.run.state === 'open' &&
		sam.json.run.date === open.date && sam.json.run.zone === 'Europe/London' && sam.json.run.address.startsWith(`runs/${open.date}/`), sam.json.run);
	check('a reply about a person is not stored by anybody', sam.headers['cache-control']?.[0] === 'no-store', sam.headers);
	for (const time of ['second', 'third']) {
		const again = await register(port, { token, runner_name: 'Sam Vimes', nonce: 'n-1' });
		check(`the same nonce a ${time} time gets the same answer with 200, and counts once`, again.status === 200 && again.json.success &&
			again.json.place === 1 && again.json.current_count === 1 && again.json.time === sam.json.time, again.text);
	}
	const twin = await register(port, { token, runner_name: 'SAM VIMES', nonce: 'n-2' });
	check('another phone with the same name in capitals is told since when that name is in', twin.status === 409 && twin.json.code === 'already' &&
		twin.json.message.includes(`has been on the list since ${sam.json.time}.`) && twin.json.place === null, twin.text);
	for (const [what, fields] of [['session id', { session_id: session }], ['session id in small letters', { session_id: session.toLowerCase() }],
		['session id as the code', { code: session }], ['token in small letters', { code: token.toLowerCase() }],
		['typed digits', { code: makeDigits() }], ['typed digits in two groups', { code: makeDigits().replace(/^(...)/, '$1 ') }],
		['typed digits of an Arabic keyboard', { code: makeDigits().replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'[digit]) }]]) {
		const answer = await register(port, { ...fields, runner_name: `Runner by ${what}` });
		check(`a ${what} is taken`, answer.status === 201 && answer.json.run.session_id === session, answer.text);
	}
	function makeDigits() {
		return JSON.parse(turnout('code', open.date, '--group', 'Open Group', '--db', db, '--json')).digits;
	}
	const names = ['Zoë', '王小明', 'O\'Brien & <b>Söhne</b>', 'a', 'é'.repeat(80)];
	for (const name of names) {
		const answer = await register(port, { token, runner_name: name });
		check(`the name ${name.slice(0, 20)} comes back as it was typed`, answer.status === 201 && answer.json.runner_name === name, answer.text);
	}

	const refusals = [
		['a forged token', 403, 'code_unknown', { token: (token[25] === '0' ? token.slice(0, 25) + '1' : token.slice(0, 25) + '0') }],
		['a code of nobody', 403, 'code_unknown', { code: 'no such code' }],
		['wrong digits', 403, 'code_unknown', { code: String((Number(makeDigits()) + 500000) % 1000000).padStart(6, '0') }],
		['no code at all', 400, 'code_missing', {}],
		['an unknown session id', 404, 'run_unknown', { session_id: 'ZZZZZZZZZZ' }],
		['a run that is not open yet', 403, 'not_open_yet', { token: early.token }],
		['a run that is over', 403, 'closed', { session_id: late.session_id }],
		['a cancelled run', 409, 'cancelled', { token: calledOff.token }],
		['a closed list without that name', 403, 'not_listed', { token: closed.token }],
		['no name', 422, 'name_bad', { token, runner_name: '' }],
		['a name of blanks', 422, 'name_bad', { token, runner_name: '  ' }],
		['a name of 81 characters', 422, 'name_bad', { token, runner_name: 'x'.repeat(81) }],
		['a name of 9,000 characters', 422, 'name_bad', { token, runner_name: 'x'.repeat(9000) }],
		['a name with a line break', 422, 'name_bad', { token, runner_name: 'a\nb' }],
		['a name that nobody sees', 422, 'name_bad', { token, runner_name: '\u200b' }],
		['an unknown field', 400, 'bad_request', { token, admin: 'yes' }],
		['a number for a name', 400, 'bad_request', { token, runner_name: 7 }],
		['a nonce of 65 characters', 400, 'bad_request', { token, nonce: 'n'.repeat(65) }],
		['code and token together', 400, 'bad_request', { token, code: token }],
	];
	for (const [what, status, code, fields] of refusals) {
		const answer = await register(port, { runner_name: 'Nobody', ...fields });
		check(`${what} is refused with ${status} ${code}`, answer.status === status && answer.json.code === code && !answer.json.success, answer.text);
		if (code === 'name_bad')
			check(`and ${what} is not half repeated`, answer.json.runner_name === null, answer.json.runner_name);
		const isPlain = Object.values(fields).every((value) => typeof value === 'string');
		if (!isPlain)
			continue;
		const form = await submit(port, { runner_name: 'Nobody', ...fields });
		check(`as a form, ${what} leads to its page`, form.status === 303 && form.headers.location?.[0] === `../R/${code}/`, form.text);
	}
	const messages = [
		['not open yet', early.token, `Check-in opens ${at(early.opens)}.`],
		['over', late.session_id, `Check-in closed ${at(late.closes)}. Ask the host to add you.`],
		['cancelled', calledOff.token, 'Cancelled Group is cancelled: storm warning.'],
	];
	for (const [what, code, message] of messages) {
		const answer = await register(port, { code, runner_name: 'Nobody' });
		check(`a run that is ${what} says so concretely`, answer.json.message === message, answer.json.message);
	}
	const unknown = await register(port, { token, runner_name: 'x', admin: 'yes' });
	check('the refusal names the unknown field', unknown.json.message.includes('"admin"'), unknown.json.message);
	const doubled = await ask(port, 'POST', '/api/register', { 'Content-Type': 'application/json' }, `{"runner_name":"a","runner_name":"b","token":"${token}"}`);
	check('a JSON field that is there twice is refused', doubled.status === 400, doubled.text);
	const listed = await register(port, { token: closed.token, runner_name: 'ada lovelace' });
	check('a name that is on the closed list is taken', listed.status === 201, listed.text);

	const form = await submit(port, { code: makeDigits(), runner_name: 'Plain Form', nonce: '' });
	check('a plain form is answered with 303 to the page of success', form.status === 303 && form.headers.location?.[0] === '../R/ok/' &&
		form.body === '', form.text);
	const evil = await submit(port, { code: '//evil.example', runner_name: 'x\r\nLocation: //evil.example' });
	check('nothing that was sent reaches the Location', evil.status === 303 && evil.headers.location.length === 1 &&
		/^\.\.\/R\/[a-z_]+\/$/.test(evil.headers.location[0]), evil.text);
	const split = await raw(port, `POST /api/register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}`);
	check('an empty object has no name', split.status === 422, split.text);

	const before = JSON.parse(turnout('status', '--db', db, '--json'));
	const good = await ask(port, 'GET', `/api/qr/validate/${token}`);
	const value = JSON.parse(good.body);
	check('a good token is valid until its time is over', good.status === 200 && value.valid && value.run.session_id === session &&
		Date.parse(value.expires_at) === Date.parse(open.valid_until), good.body);
	for (const [what, code, expected] of [['an unknown token', 'ZZZZ', 'code_unknown'], ['a token of a cancelled run', calledOff.token, 'cancelled'],
		['a token of an early run', early.token, 'not_open_yet']]) {
		const answer = JSON.parse((await ask(port, 'GET', `/api/qr/validate/${code}`)).body);
		check(`${what} is not valid, and why is said`, answer.valid === false && answer.code === expected && answer.message.endsWith('.'), answer);
	}
	const head = await ask(port, 'HEAD', `/api/qr/validate/${token}`);
	check('HEAD gives the same headers and no body', head.status === 200 && head.body === '' &&
		head.headers['content-length'][0] === good.headers['content-length'][0], head.text);
	check('asking what a code is worth enters nothing', JSON.parse(turnout('status', '--db', db, '--json')).events === before.events);

	const count = 300;
	const crowd = await Promise.all(Array.from({ length: count }, (_, i) => register(port, { token, runner_name: `Crowd ${i}`, nonce: `crowd-${i}` })));
	const first = JSON.parse(turnout('status', '--db', db, '--json')).present - count;
	check('of 300 phones at once from one address each is taken', crowd.every(({ status }) => status === 201), crowd.map(({ status }) => status).find((s) => s !== 201));
	const places = crowd.map(({ json }) => json.place).sort((a, b) => a - b);
	check('each of them has a place of its own, without gaps', new Set(places).size === count && places[count - 1] - places[0] === count - 1, [places[0], places[count - 1]]);
	const race = await Promise.all(Array.from({ length: 50 }, (_, i) => register(port, { token, runner_name: 'Same Person', nonce: `race-${i}` })));
	check('of 50 phones with one name exactly one is in', race.filter(({ status }) => status === 201).length === 1 &&
		race.filter(({ status }) => status === 409).length === 49);
	const retry = await Promise.all(Array.from({ length: 50 }, () => register(port, { token, runner_name: 'Impatient', nonce: 'impatient' })));
	check('50 retries with one nonce count once and all succeed', retry.every(({ json }) => json.success) && new Set(retry.map(({ json }) => json.place)).size === 1 &&
		retry.filter(({ status }) => status === 201).length === 1);
	check('what was answered is what is stored', JSON.parse(turnout('status', '--db', db, '--json')).present === first + count + 2);

	check('the log has no name and no code', !/Vimes|Crowd|Lovelace/.test(server.log) && !server.log.includes(token));
	check('the log has a line for each request', server.log.split('\n').filter((line) => /request=[0-9a-f]+-\d+ method=\S+ path=\S+ status=\d+ bytes=\d+ ms=\d+$/.test(line)).length > 450);
	check('the log begins with the versions', /^time=\S+Z event=start version=\S+ sqlite=\S+ civetweb=\S+\n/.test(server.log), server.log.slice(0, 100));
	const { code } = await server.stop();
	check('SIGTERM ends it with 0', code === 0, code);
});
