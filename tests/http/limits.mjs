// SPDX-License-Identifier: ISC
// limits.mjs: guessers and floods have to wait; honest people are accepted at the first try, whatever others do meanwhile.
// To be run apart: how many try in a minute is counted.
import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../checks.mjs';
import { ask, check, makeClub, makeFolder, makeRun, run, start, turnout } from './lib.mjs';

const WIDTH = 64;		// requests at a time
const claim = () => randomBytes(12).toString('hex');
const first = (list, holds) => list.find((each) => !holds(each))?.text;

/** Do `count` things, WIDTH at a time, as fast as they go; what they became, in order. */
async function flood(count, one) {
	const results = Array(count);
	let next = 0;
	await Promise.all(Array.from({ length: WIDTH }, async () => {
		while (next < count) {
			const number = next++;
			results[number] = await one(number);
		}
	}));
	return results;
}

/** A JSON body sent from `address`, as the proxy on this machine would tell it. */
async function post(port, path, address, fields) {
	const answer = await ask(port, 'POST', path, { 'Content-Type': 'application/json', 'X-Real-IP': address }, JSON.stringify(fields));
	return { ...answer, json: answer.body === '' ? null : JSON.parse(Buffer.from(answer.body, 'latin1').toString()) };
}

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	const { date, token, session_id: session } = makeRun(db, 'Hall', -5, 60);
	const list = makeRun(db, 'Listed', -5, 60, '--closed');
	turnout('person', 'add', '--db', db, '--group', 'Listed', 'Zoe Quill');
	turnout('publish', '--db', db, '--site', site);
	const server = await start(db, site), { port } = server;
	const digits = () => codeOf(db, 'Hall', date).digits;
	const mark = (address, fields) => post(port, '/api/register', address, { claim: claim(), nonce: claim(), ...fields });
	const digitsNow = digits(), began = Date.now();

	// A lecture hall: 300 people, faster than in 60 s, which is stricter; half of them type, and 2 % mistype at first.
	const wrong = digitsNow === '000000' ? '000001' : '000000';
	const hall = await flood(300, async (i) => {
		const fields = { runner_name: `Hall ${i}`, claim: claim() };
		const mistyped = i % 50 === 7 ? await mark('198.51.100.7', { ...fields, code: wrong }) : null;
		return { mistyped, ...await mark('198.51.100.7', { ...fields, code: i % 2 === 1 ? digitsNow : token }) };
	});
	check('of 300 people of one address, 2 % of whom mistype, no valid check-in is refused', hall.every(({ status }) => status === 201),
		first(hall, ({ status }) => status === 201));
	const guessing = async () => JSON.parse((await ask(port, 'GET', `/api/v1/sessions/${session}/stats`)).body).guessing;
	check('and no host is alarmed', await guessing() === false);
	check('who mistypes is told so, not to wait', hall.filter(({ mistyped }) => mistyped?.json.code === 'code_unknown').length === 6);

	// 10,000 guesses from 50 addresses, in every way that takes a code, while honest people come: each at the first try.
	const guess = () => String(randomInt(1000000)).padStart(6, '0');
	const ways = [
		(address) => mark(address, { runner_name: 'Guess', code: guess() }),
		(address) => post(port, '/api/v1/scans', address, { code: guess() }),
		(address) => ask(port, 'GET', `/api/qr/validate/${guess()}`, { 'X-Real-IP': address }),
		(address) => ask(port, 'POST', '/api/register', { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Real-IP': address },
			`runner_name=Guess&code=${guess()}`),
		(address) => post(port, '/api/v1/attendance/check-out', address, { code: guess(), claim: claim() }),
	];
	const told = digits(), people = [];
	const guesses = await flood(10000, async (i) => {
		if (i > 2000 && i % 64 === 0) {		// the guessers are over by then; some scan at an address that guesses
			const n = i / 64, fields = { runner_name: `Honest ${n}`, code: n % 4 < 2 ? told : token };
			people.push(await mark(n % 4 === 3 ? '203.0.113.3' : `198.18.0.${n % 40}`, fields));
		}
		return ways[i % ways.length](`203.0.113.${i % 50}`);
	});
	const minutes = (Date.now() - began) / 60000;
	const refused = ({ status, headers }) => status === 429 || headers.location?.[0] === '../R/too_many_tries/';
	const hits = guesses.filter(({ status, body }) => status === 201 || (status === 200 && JSON.parse(body).valid !== false)).length;
	const allowed = 1000 + 1000 * minutes, judged = guesses.filter((answer) => !refused(answer)).length;
	const runs = 2, steps = 2, mean = allowed * runs * steps / 1e6;		// each run shows digits of its own, of which those of two steps are good
	check('honest people are taken meanwhile, each at the first try', people.length > 100 && people.every(({ status }) => status === 201),
		first(people, ({ status }) => status === 201));
	check(`of 10,000 guesses from 50 addresses no more than 1,000 + 1,000 a minute are judged`, judged <= allowed && judged >= 200, [judged, allowed]);
	check('every answer to a guess is a verdict or a refusal with a time to wait', guesses.every((answer) => [200, 201, 303, 403, 404].includes(answer.status) ||
		(answer.status === 429 && answer.headers['retry-after']?.[0] === '10')), first(guesses, ({ status }) => [200, 303, 403, 429].includes(status)));
	check('and no more of them hit than chance gives them', hits <= mean + 6 * Math.sqrt(mean) + 1, [hits, mean]);
	check('a form that must wait is led to the page that says so', guesses.some(({ headers }) => headers.location?.[0] === '../R/too_many_tries/') &&
		(await ask(port, 'GET', '/R/too_many_tries/')).status === 200);
	check('hosts are alarmed', await guessing() === true);
	check('the log says once that somebody is guessing, not 10,000 times', server.log.split('event=limit').length === 2, server.log.slice(-300));

	// One phone.
	const fumbler = claim(), from = '198.18.0.200';
	const fumbles = [];
	for (let i = 0; i < 11; i++)
		fumbles.push(await post(port, '/api/v1/scans', from, { code: wrong, claim: fumbler }));
	check('ten wrong codes of one phone are judged, the next must wait', fumbles.slice(0, 10).every(({ status }) => status === 403) &&
		fumbles[10].status === 429 && fumbles[10].json.code === 'too_many_tries' && fumbles[10].headers['retry-after'][0] === '10', fumbles[10].text);
	const scanned = await mark(from, { runner_name: 'Fumbler', code: token, claim: fumbler });
	check('but it is taken at once when it scans', scanned.status === 201, scanned.text);
	const eager = [];
	for (let i = 0; i < 6; i++)
		eager.push(await mark(from, { runner_name: 'Fumbler', code: token, claim: fumbler }));
	check('one phone may check in six times in a minute, not seven', eager.slice(0, 5).every(({ status }) => status === 200) &&
		eager[5].status === 429 && eager[5].json.code === 'too_many_requests', eager.map(({ status }) => status));
	const { json: { receipt } } = await post(port, '/api/v1/scans', from, { code: list.token });
	const prefixes = [];
	for (const letters of ['zoe', 'qui', 'aaa', 'aab', 'aac', 'aad', 'aae', 'aaf', 'aag', 'aah', 'aai', 'aaj', 'aak'])
		prefixes.push(await post(port, '/api/v1/people/suggest', from, { receipt, runner_name: letters }));
	check('who tries prefixes of a closed list gets ten that find nobody', prefixes.slice(0, 12).every(({ status }) => status === 200) &&
		prefixes[0].json.names[0] === 'Zoe Quill' && prefixes[12].status === 429, prefixes.map(({ status }) => status));
	const listed = await mark(from, { runner_name: 'Zoe Quill', receipt });
	check('and is still taken with that receipt', listed.status === 201, listed.text);

	// One address that sends nothing of value.
	const junk = await flood(2600, (i) => i % 2 === 0 ? post(port, '/api/register', '198.18.0.99', { nonsense: 1 }) :
		ask(port, 'GET', '/api/v1/sessions/0000000000/stats', { 'X-Real-IP': '198.18.0.99' }));
	const late = junk.slice(-20);
	check('an address that sent 2,000 requests in vain must wait', late.filter(({ status }) => status === 429).length >= 10 &&
		junk.slice(0, 1500).every(({ status }) => status === 400 || status === 404), late.map(({ status }) => status));
	check('for two seconds', late.find(({ status }) => status === 429)?.headers['retry-after'][0] === '2');
	const neighbour = await mark('198.18.0.99', { runner_name: 'Neighbour', code: token });
	check('who scans there is taken all the same', neighbour.status === 201, neighbour.text);
	const polls = await flood(4000, () => ask(port, 'GET', `/live/${session}.json`, { 'X-Real-IP': '198.18.0.99' }));
	check('4,000 polls of the live count from there are all answered', polls.every(({ status }) => status === 200), first(polls, ({ status }) => status === 200));
	check('and none of them is in the log', !server.log.includes('path=/live/'));
	const household = await flood(2600, (i) => ask(port, 'GET', '/api/v1/sessions/0000000000/stats', { 'X-Real-IP': `2001:db8:0:1::${(i % 5000).toString(16)}` }));
	const other = await ask(port, 'GET', '/api/v1/sessions/0000000000/stats', { 'X-Real-IP': '2001:db8:0:2::1' });
	check('IPv6 addresses of one /64 are one, those of the next are not', household.slice(-20).some(({ status }) => status === 429) && other.status === 404,
		other.text);

	// What is left behind.
	const named = await mark('198.18.0.1', { runner_name: 'Vimes Vetinari', code: token });
	const id = named.headers['x-request-id']?.[0];
	check('the id of a request is in its answer and in its line of the log', /^[0-9a-f]+-\d+$/.test(id) &&
		server.log.split('\n').filter((line) => line.includes(` request=${id} method=POST path=/api/register status=201 `)).length === 1, id);
	const { code } = await server.stop();
	check('it ends with 0', code === 0, code);
	const secrets = ['198.51.100.', '203.0.113.', '198.18.0.', '2001:db8:0:', fumbler];
	const kept = readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((name) => statSync(name).isFile());
	const found = kept.filter((name) => secrets.some((secret) => readFileSync(name, 'latin1').includes(secret)));
	check('no address, and no claim, is in the database or any other file', kept.length > 10 && found.length === 0, [kept.length, found]);
	const log = server.log.replaceAll(/request=\S+/g, '');
	const logged = [...secrets, token, told, receipt, 'Vimes', 'Honest', 'Quill'].filter((secret) => log.includes(secret));
	check('nor in the log, nor names, codes or receipts', log.includes('path=/api/register') && logged.length === 0, logged);
});
