// SPDX-License-Identifier: ISC
// code.mjs: the code of a run: which run is meant, what is printed, and revoking it.
import { check, makeClub, run } from './lib.mjs';

const now = '2026-11-20T18:10';
const keys = ['id', 'run', 'date', 'start', 'end', 'state', 'token', 'digits', 'address', 'session_id', 'valid_until', 'screen', 'screen_token', 'slot'];

/* A club with runs on 20 November at these starts, each an hour long. */
function clubWith(...starts) {
	const turnout = makeClub(now, '--address', 'https://runs.example.org');

	turnout(['group', 'add', 'Social', 'Hills']);
	for (const start of starts)
		turnout(['calendar', 'add', '--group', 'Social', '--date', '2026-11-20', '--start', start, '--end', start.replace(/^../, (h) => String((+h + 1) % 24).padStart(2, '0'))]);
	return turnout;
}

function checkFields() {
	const turnout = clubWith('18:30');
	const { json } = turnout(['code', 'today', '--json']);

	check('code --json has every field', keys.every((key) => key in json), json);
	check('the token is 26 characters that a QR takes in its short mode', /^[0-9A-HJKMNP-TV-Z]{26}$/.test(json.token), json.token);
	check('the digits are six', /^\d{6}$/.test(json.digits), json.digits);
	check('the address is the form in capitals, with the token behind #', json.address === `HTTPS://RUNS.EXAMPLE.ORG/R/#${json.token}`, json.address);
	check('the screen is at an address of 128 bits', /^https:\/\/runs\.example\.org\/screen\/[0-9A-HJKMNP-TV-Z]{26}\/$/.test(json.screen), json.screen);
	check('it is valid until check-in closes', json.valid_until === '2026-11-20T20:00:00+00:00', json.valid_until);
	check('the run is open half an hour before its start', json.state === 'open');
	for (const word of [String(json.id), json.session_id, json.session_id.toLowerCase(), '2026-11-20'])
		check(`code ${word === json.session_id ? 'SESSION' : word === String(json.id) ? 'ID' : word.length === 10 && word.includes('-') ? 'DATE' : 'session'} is the same run`,
			turnout(['code', word, '--json']).json?.id === json.id, word);
	check('the token stays the same', turnout(['code', 'today', '--json']).json.token === json.token);
	check('a table says the same', turnout(['code', 'today']).out.includes(json.token));

	const later = (time) => turnout(['code', 'today', '--json', '--now', `2026-11-20T18:10:${time}`]).json;
	check('the screen shows a code of its own, another every 25 seconds', /^[0-9A-HJKMNP-TV-Z]{26}$/.test(json.screen_token) && json.screen_token !== json.token
		&& later('24').screen_token === json.screen_token && later('25').screen_token !== json.screen_token, json.screen_token);
	check('its slot is the time in intervals', json.slot === Date.parse('2026-11-20T18:10:00Z') / 25000, json.slot);
	turnout(['calendar', 'rules', 'today', 'typed', 'letters']);
	check('the code to type may be letters', /^[0-9A-HJKMNP-TV-Z]{6}$/.test(turnout(['code', 'today', '--json']).json.digits));
	turnout(['calendar', 'rules', 'today', 'typed', 'digits']);
	turnout(['calendar', 'rules', 'today', 'is_single', 'yes']);
	const single = turnout(['code', 'today', '--json']).json;
	check('codes for one person are counted', single.serial === 1 && single.screen_token !== json.screen_token && later('25').screen_token !== json.screen_token, single);
	turnout(['calendar', 'rules', 'today', 'is_single', 'no']);

	let result = turnout(['code', 'today', '--revoke']);
	check('--revoke without a terminal and without --yes ends with 2', result.code === 2 && result.err.includes('--yes'), result);
	check('and revokes nothing', turnout(['code', 'today', '--json']).json.screen === json.screen);
	result = turnout(['code', 'today', '--revoke', '--yes', '--json']);
	check('--revoke --yes gives the screen another address', result.code === 0 && result.json.screen !== json.screen && result.json.token === json.token, result);
	check('for good', turnout(['code', 'today', '--json']).json.screen === result.json.screen);
	turnout(['set', 'address', 'https://example.org/Club']);
	check('an address with a path keeps its case', turnout(['code', 'today', '--json']).json.address === `https://example.org/Club/R/#${json.token}`);
}

function checkToday() {
	const starts = (turnout, ...more) => turnout(['code', 'today', '--json', ...more]).json?.start;
	let turnout = clubWith('07:00', '18:30', '21:00');

	check('of several runs today the open one is meant', starts(turnout) === '18:30', starts(turnout));
	turnout = clubWith('07:00', '20:00', '21:00');
	check('or else the next', starts(turnout) === '20:00', starts(turnout));
	turnout = clubWith('07:00', '09:00');
	check('or else the last', starts(turnout) === '09:00', starts(turnout));
	turnout = clubWith('18:00');
	turnout(['calendar', 'add', '--group', 'Hills', '--date', '2026-11-20', '--start', '18:30']);
	let result = turnout(['code', 'today']);
	check('two that are open end with 2 and are listed', result.code === 2 && result.out === '' && result.err.includes('Hills') && result.err.includes('Social'), result);
	check('--group says which', turnout(['code', 'today', '--group', 'Hills', '--json']).json?.start === '18:30');
	turnout = clubWith('18:30');
	turnout(['calendar', 'cancel', 'today']);
	check('a cancelled run is never the open one', turnout(['code', 'today', '--json']).json.state === 'cancelled');
	turnout = clubWith();
	result = turnout(['code', 'today']);
	check('without a run today it ends with 1 and says so', result.code === 1 && result.err.includes('no run today'), result);
	turnout(['calendar', 'add', '--group', 'Hills', '--date', '2026-11-19', '--start', '23:00', '--end', '18:00']);
	check('a run of yesterday that is still open is meant today', turnout(['code', 'today', '--json']).json?.date === '2026-11-19');
}

run(() => {
	checkFields();
	checkToday();
});
