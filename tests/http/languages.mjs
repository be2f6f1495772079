// SPDX-License-Identifier: ISC
// languages.mjs: turnoutd answers in the reader's language: a check-in in Arabic and German, what decides the language, the club's own,
// changed words, forms that are redirected to pages, and the size of the form in each language.
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, check, makeClub, makeFolder, makeRun, root, run, start, submit, turnout } from './lib.mjs';

const FORM_BYTES = 14336;
const folder = makeFolder(), templates = join(folder, 'templates'), messages = join(templates, 'messages');
const words = (language) => JSON.parse(readFileSync(join(root, `templates/messages/${language}.json`), 'utf8'));
const isolate = (text) => `\u2068${text}\u2069`;

/** The text of `key` with its values; names are isolated where the language is read from right to left. */
const say = (language, key, values = {}) => words(language)[`said_${key}`].replace(/{{(\w+)}}/g, (_, name) =>
	['name', 'run', 'reason'].includes(name) && words(language).dir === 'rtl' ? isolate(values[name]) : values[name]);

async function post(port, path, fields, headers = {}) {
	const answer = await ask(port, 'POST', path, { 'Content-Type': 'application/json', ...headers }, JSON.stringify(fields));
	return { ...answer, json: answer.body === '' ? null : JSON.parse(Buffer.from(answer.body, 'latin1').toString()) };
}

/** The text of the answer as UTF-8. */
const textOf = (answer) => Buffer.from(answer.body, 'latin1').toString();

/** Ask until the answer is as `holds` says: words are looked at once a second. Ten seconds at most. */
async function eventually(request, holds) {
	let answer = await request();
	for (const end = Date.now() + 10000; !holds(answer) && Date.now() < end; answer = await request())
		await new Promise((done) => setTimeout(done, 100));
	return answer;
}

await run(async () => {
	cpSync(join(root, 'templates'), templates, { recursive: true });
	const db = makeClub(folder), site = join(folder, 'site');
	const publish = () => turnout('publish', '--db', db, '--site', site, '--templates', templates);
	const open = makeRun(db, 'Open Group', -5, 60), behind = makeRun(db, 'Late Group', -40, 60), over = makeRun(db, 'Over Group', -200, -150);
	const off = makeRun(db, 'Off Group', -5, 60), early = makeRun(db, 'Early Group', 200, 260);
	turnout('calendar', 'rules', behind.session_id, 'late_min', '5', '--db', db);
	turnout('calendar', 'cancel', off.date, '--group', 'Off Group', '--reason', 'Sturm', '--db', db);
	publish();
	const server = await start(db, site), { port } = server;
	const mark = (language, fields, headers = {}) => post(port, '/api/v1/attendance/mark', fields, { 'Accept-Language': language, ...headers });

	// The flow, in each of two languages.
	for (const language of ['ar', 'de']) {
		const name = `Ada ${language}`, claim = `phone-${language}`, says = async (what, answer, code, sentence) => {
			check(`${language}: ${what} is said in that language`, answer.json?.code === code && answer.json.message === sentence
				&& answer.headers['content-language']?.join() === language && answer.headers.vary?.join() === 'Accept-Language', answer.json ?? answer.text);
		};
		let answer = await post(port, '/api/v1/scans', { session_id: open.session_id }, { 'Accept-Language': language });
		await says('a good code', answer, 'ok', say(language, 'good', { run: 'Open Group' }));
		answer = await mark(language, { token: open.token, runner_name: name, claim });
		await says('success', answer, 'ok', say(language, 'in', { name, run: 'Open Group', place: answer.json.place }));
		const { time } = answer.json;
		check(`${language}: the name is as it was typed, and the run's title`, answer.json.runner_name === name && answer.json.run.title === 'Open Group');
		await says('the same phone', await mark(language, { token: open.token, runner_name: name, claim }), 'already_you', say(language, 'since', { name, time }));
		await says('a name that is taken', await mark(language, { token: open.token, runner_name: name }), 'already', say(language, 'already_since', { name, time }));
		answer = await mark(language, { token: behind.token, runner_name: name });
		await says('being late', answer, 'ok', say(language, 'in_late', { name, run: 'Late Group', place: answer.json.place }));
		await says('a wrong code', await mark(language, { code: 'no such code', runner_name: name }), 'code_unknown', say(language, 'code_unknown'));
		answer = await mark(language, { session_id: over.session_id, runner_name: name });
		check(`${language}: closed is said with the time`, answer.json.code === 'closed' && answer.json.message.includes(over.closes.time)
			&& answer.json.message.startsWith(say(language, 'closes', { time: '|' }).split(' ')[0]), answer.json);
		answer = await mark(language, { token: early.token, runner_name: name });
		check(`${language}: not open yet too`, answer.json.code === 'not_open_yet' && answer.json.message.includes(early.opens.time)
			&& answer.json.message.startsWith(say(language, 'opens', { time: '|' }).split(' ')[0]), answer.json);
		await says('a run that is called off', await mark(language, { session_id: off.session_id, runner_name: name }), 'cancelled',
			say(language, 'cancelled_why', { run: 'Off Group', reason: 'Sturm', stop: words(language).said_stop }));
		answer = await post(port, '/api/v1/attendance/undo', { session_id: open.session_id, claim }, { 'Accept-Language': language });
		await says('undo', answer, 'undone', say(language, 'undone_name', { name }));
		answer = await post(port, '/api/v1/people/suggest', { token: open.token, runner_name: 'a' }, { 'Accept-Language': language });
		await says('a short name to be suggested', answer, 'prefix_short', say(language, 'prefix_short'));
		answer = await ask(port, 'GET', '/api/v1/sessions/0000000000/stats', { 'Accept-Language': language });
		check(`${language}: a run that is not there is told`, JSON.parse(textOf(answer)).message === say(language, 'run_unknown'), textOf(answer));
		answer = await ask(port, 'GET', `/api/qr/validate/${open.session_id}`, { 'Accept-Language': language });
		check(`${language}: and what a code is worth`, JSON.parse(textOf(answer)).message === say(language, 'valid', { run: 'Open Group' }), textOf(answer));
		answer = await ask(port, 'PUT', '/', { 'Accept-Language': language });
		check(`${language}: a refusal as plain text too`, answer.status === 405 && textOf(answer) === say(language, 'bad_method')
			&& answer.headers['content-language']?.[0] === language, textOf(answer));
	}

	// What decides.
	const english = words('en').said_code_missing;
	for (const [what, path, fields, accept, language] of [
		['nothing asked for', '', {}, null, 'en'], ['a language that nobody wrote', '', {}, 'tlh', 'en'], ['a region', '', {}, 'de-CH', 'de'],
		['the heavier', '', {}, 'ar;q=0.5, fr;q=0.9, tlh', 'fr'], ['one that is ruled out', '', {}, 'fr;q=0, es;q=0.1', 'es'],
		['a field', '', { lang: 'zh' }, 'de', 'zh'], ['the address', '?lang=es', {}, 'de', 'es'], ['a field before the address', '?x=1&lang=es', { lang: 'fr' }, 'de', 'fr'],
		['a field that nobody wrote', '', { lang: 'tlh' }, 'de', 'de'], ['an address without sense', '?lang=../../../etc&lang', {}, 'de', 'de']]) {
		const answer = await post(port, `/api/register${path}`, { runner_name: 'Ada', ...fields }, accept === null ? {} : { 'Accept-Language': accept });
		check(`${what}: ${language}`, answer.json?.message === words(language).said_code_missing && answer.headers['content-language']?.[0] === language, answer.text);
	}
	const long = await ask(port, 'GET', '/api/v1/sessions/0000000000/stats', { 'Accept-Language': `${'de-x,'.repeat(1000)}ar` });
	check('a long list is read to its end or refused', [404, 400, 431].includes(long.status), long.status);
	const metrics = await ask(port, 'GET', '/health/live', { 'Accept-Language': 'de' });
	check('what holds no sentence names no language', metrics.headers['content-language'] === undefined && metrics.headers.vary === undefined, metrics.text);
	const unread = await mark('de', { token: open.token, runner_name: 'Ada', shoes: 'red' });
	check('what is said in English alone says so', unread.status === 400 && unread.json.message.includes('"shoes"') && unread.headers['content-language']?.[0] === 'en', unread.text);
	check('nor does a page', (await ask(port, 'GET', '/', { 'Accept-Language': 'de' })).headers['content-language'] === undefined);

	// Forms.
	const form = { code: 'no such code', runner_name: 'Ada' };
	let answer = await submit(port, { ...form, lang: 'de' });
	check('a form in a language without pages of its own is led to the club\'s', answer.status === 303 && answer.headers.location[0] === '../R/code_unknown/', answer.text);
	turnout('set', 'languages', 'de', '--db', db);
	publish();
	check('a club that offers a language has a form in it, which says so', readFileSync(join(site, 'public/de/R/index.html'), 'utf8').includes('name="lang" value="de"'));
	answer = await submit(port, { ...form, lang: 'de' });
	check('where there are some, to these', answer.headers.location[0] === '../de/R/code_unknown/', answer.text);
	answer = await ask(port, 'GET', answer.headers.location[0].slice(2));
	check('which are in that language', answer.status === 200 && textOf(answer).includes(words('de').said_code_unknown), answer.status);
	answer = await submit(port, { ...form, lang: 'fr' });
	check('and others are not', answer.headers.location[0] === '../R/code_unknown/', answer.text);
	answer = await submit(port, { ...form, lang: '../de' });
	check('a path is no language', answer.headers.location[0] === '../R/code_unknown/', answer.text);

	// The club's language, and its own words.
	const plain = (headers = {}) => post(port, '/api/register', { runner_name: 'Ada' }, headers);
	turnout('set', 'languages', '', '--db', db);
	turnout('set', 'language', 'fr-CA', '--db', db);
	answer = await eventually(plain, ({ headers }) => headers['content-language'][0] === 'fr');
	check('who asks for nothing is answered in the club\'s language, without a restart', answer.json.message === words('fr').said_code_missing, answer.text);
	writeFileSync(join(messages, 'fr.json'), JSON.stringify({ ...words('fr'), said_code_missing: 'Où est le code ?' }));
	writeFileSync(join(messages, 'nl.json'), JSON.stringify({ dir: 'ltr', said_code_missing: 'Er was geen code.' }));
	publish();
	answer = await eventually(plain, ({ json }) => json.message.startsWith('Où'));
	check('changed words are said once they are published', answer.json.message === 'Où est le code ?', answer.text);
	answer = await plain({ 'Accept-Language': 'nl' });
	check('a new language is one more file', answer.json.message === 'Er was geen code.' && answer.headers['content-language'][0] === 'nl', answer.text);
	answer = await post(port, '/api/register', { code: 'no such code', runner_name: 'Ada' }, { 'Accept-Language': 'nl' });
	check('what it lacks is English', answer.json.message === words('en').said_code_unknown, answer.text);
	check('English is what the program says by itself', english === 'No code was sent. Scan the QR again, or type the code beside it.', english);

	// The form in each language: its words, and its size on the way.
	for (const language of readdirSync(join(root, 'templates/messages')).map((name) => name.replace('.json', ''))) {
		cpSync(join(root, 'templates/messages'), messages, { recursive: true });
		turnout('set', 'language', language, '--db', db);
		publish();
		let bytes = 0;
		for (const path of ['/R/', '/assets/style.css', '/assets/form.js', '/assets/icon.svg'])
			bytes += (await ask(port, 'GET', path, { 'Accept-Encoding': 'gzip' })).body.length;
		check(`${language}: the form with style and script is at most ${FORM_BYTES} bytes on the way`, bytes > 4000 && bytes <= FORM_BYTES, bytes);
		console.log(`${language}: ${bytes} bytes`);
		const page = readFileSync(join(site, 'public/R/index.html'), 'utf8');
		check(`${language}: the form says which language it is in`, page.includes(`<html lang="${language}" dir="${words(language).dir}">`)
			&& page.includes(`name="lang" value="${language}"`) && page.includes(`>${words(language).form_name}</label>`));
		const verdict = readFileSync(join(site, 'public/R/closed/index.html'), 'utf8');
		check(`${language}: and so do the pages a form is led to`, verdict.includes(`<h1>${words(language).said_closed_title}</h1>`)
			&& verdict.includes(words(language).said_closed), verdict);
	}
	const { code } = await server.stop();
	check('it ends with 0', code === 0, code);
});
