//! What holds of any text: format and parse are inverse, what the grammar calls equal is read the same, strict reading is the reference
//! grammar, and http-auth agrees where it reads a line.

use super::{
    challenge::{VECTORS, lines},
    reference,
};
use countersign::protocol::{
    challenge::{Challenge, Piece, Pieces, format_challenge, parse_challenges, parse_challenges_strict},
    claims::claims_challenge,
    demand::demands,
};
use proptest::prelude::*;

/// Text made of the pieces that challenges are made of, right and wrong.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "Bearer", "Basic", "a", "b", "A", "realm", "scope", "1", " ", " ", "  ", "\t", ",", ",", ", ", "=", "=", " = ", "\"",
        "\"", "\\", "\\\"", "'", "/", ";", "; ", "{", "}", "@", "é", "🔑", "\u{1}", "\u{7f}", "\r\n ", "\n", "a=b", "c=\"d\"",
        "c=\"", ", e=f", ", G h=i", "J k==", "==",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn token() -> impl Strategy<Value = String> {
    "[a-cA-C09!#$%&'*+.^_`|~-]{1,6}"
}

/// A value that can be written.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![token(), "[ -~\t]{0,12}", r#"["\\ ,=é🔑{}']{0,8}"#]
}

/// Challenges as the grammar can write them, with one form of parameters each.
fn challenges() -> impl Strategy<Value = Vec<Challenge>> {
    let params = prop::collection::vec((token(), value()), 0..5).prop_map(|mut params| {
        let mut seen = Vec::new();
        params.retain_mut(|(name, _)| {
            name.make_ascii_lowercase();
            let new = !seen.contains(name);
            seen.push(name.clone());
            new
        });
        params
    });
    let with_params = (token(), params).prop_map(|(scheme, params)| Challenge { scheme, params, ..Challenge::default() });
    let with_token68 = (token(), "[a-zA-Z0-9._~+/-]{1,8}={0,3}").prop_map(|(scheme, token68)| Challenge {
        scheme,
        token68: Some(token68),
        ..Challenge::default()
    });
    prop::collection::vec(prop_oneof![4 => with_params, 1 => with_token68], 0..5)
}

fn plain(challenge: &Challenge) -> String {
    match &challenge.token68 {
        Some(token68) => [&challenge.scheme, " ", token68].concat(),
        None => format_challenge(&challenge.scheme, &challenge.params).unwrap(),
    }
}

fn utf16_length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The pieces as JavaScript gets them: of a line of one byte for each UTF-16 code unit.
fn pieces_by_unit(line: &str) -> Vec<Piece> {
    let units: Vec<u8> = line.encode_utf16().map(|unit| u8::try_from(unit).unwrap_or(0x80)).collect();
    Pieces::default().read(&units).to_vec()
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// The same challenge as another writer might write it: every choice that the grammar calls equal is `choose`n.
fn other_spelling(challenge: &Challenge, choose: &mut impl FnMut(usize) -> usize) -> String {
    let blank = |choose: &mut dyn FnMut(usize) -> usize| [" ", "", "\t", " \t "][choose(4)].to_owned();
    let case = |text: &str, choose: &mut dyn FnMut(usize) -> usize| match choose(3) {
        0 => text.to_ascii_uppercase(),
        1 => text.to_ascii_lowercase(),
        _ => text.to_owned(),
    };
    let mut out = case(&challenge.scheme, choose);
    if let Some(token68) = &challenge.token68 {
        return [&out, " ".repeat(1 + choose(3)).as_str(), token68].concat();
    }
    for (index, (name, value)) in challenge.params.iter().enumerate() {
        if index == 0 {
            out += &" ".repeat(1 + choose(3));
            if choose(4) == 0 {
                out += ",";
                out += &blank(choose);
            }
        } else {
            for _ in 0..=choose(3) {
                out += &blank(choose);
                out += ",";
            }
            out += &blank(choose);
        }
        out += &case(name, choose);
        out += &blank(choose);
        out += "=";
        out += &blank(choose);
        if is_token(value) && choose(2) == 0 {
            out += value;
        } else {
            out += "\"";
            for character in value.chars() {
                if matches!(character, '"' | '\\') || choose(4) == 0 {
                    out += "\\";
                }
                out.push(character);
            }
            out += "\"";
        }
    }
    out
}

fn lower_case_schemes(mut challenges: Vec<Challenge>) -> Vec<Challenge> {
    challenges.iter_mut().for_each(|challenge| challenge.scheme.make_ascii_lowercase());
    challenges
}

/// http-auth's reading, if it has one.
fn http_auth(line: &str) -> Option<Vec<Challenge>> {
    let mut challenges = Vec::new();
    for challenge in http_auth::ChallengeParser::new(line) {
        let challenge = challenge.ok()?;
        let params = challenge.params.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.to_unescaped())).collect();
        challenges.push(Challenge { scheme: challenge.scheme.to_owned(), params, ..Challenge::default() });
    }
    Some(challenges)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, ..ProptestConfig::default() })]

    #[test]
    fn what_is_formatted_is_read_back(challenges in challenges()) {
        for challenge in challenges.into_iter().filter(|challenge| challenge.token68.is_none()) {
            let text = format_challenge(&challenge.scheme, &challenge.params).unwrap();
            prop_assert_eq!(parse_challenges_strict(&[&text]), Ok(vec![challenge.clone()]), "{}", &text);
            prop_assert_eq!(parse_challenges(&[&text]), vec![challenge]);
        }
    }

    #[test]
    fn what_is_read_strictly_can_be_formatted(line in pieces()) {
        for challenge in parse_challenges_strict(&[&line]).unwrap_or_default() {
            let text = plain(&challenge);
            prop_assert_eq!(parse_challenges_strict(&[&text]), Ok(vec![challenge]), "{}", &text);
        }
    }

    #[test]
    fn one_line_or_several_give_the_same_challenges(challenges in challenges()) {
        let lines: Vec<String> = challenges.iter().map(plain).collect();
        let apart: Vec<&str> = lines.iter().map(String::as_str).collect();
        prop_assert_eq!(parse_challenges_strict(&apart), Ok(challenges.clone()));
        prop_assert_eq!(parse_challenges_strict(&[&lines.join(", ")]), Ok(challenges.clone()));
        prop_assert_eq!(parse_challenges(&[&lines.join(",")]), challenges);
    }

    #[test]
    fn case_blanks_empty_elements_and_quoting_do_not_matter(challenges in challenges(), choices in prop::collection::vec(any::<u8>(), 64)) {
        let mut choices = choices.into_iter().cycle();
        let mut choose = |below: usize| usize::from(choices.next().unwrap()) % below;
        let mut line = String::new();
        for challenge in &challenges {
            line += [",", " ,\t, ", ", ", "\t,"][choose(4)];
            line += &other_spelling(challenge, &mut choose);
        }
        line += [",", "", " ", " ,, "][choose(4)];
        let strict = parse_challenges_strict(&[&line]).map(lower_case_schemes);
        prop_assert_eq!(strict, Ok(lower_case_schemes(challenges)), "{}", &line);
        prop_assert_eq!(Ok(parse_challenges(&[&line])), parse_challenges_strict(&[&line]));
    }

    #[test]
    fn the_order_of_parameters_is_kept_and_does_not_matter(challenges in challenges()) {
        for challenge in challenges.into_iter().filter(|challenge| challenge.token68.is_none()) {
            let backwards = Challenge { params: challenge.params.iter().rev().cloned().collect(), ..challenge.clone() };
            let read = parse_challenges(&[&plain(&backwards)]);
            prop_assert_eq!(&read, &[backwards]);
            for (name, value) in &challenge.params {
                prop_assert_eq!(read[0].param(name), Some(value.as_str()));
            }
        }
    }

    #[test]
    fn strict_reading_is_the_reference_grammar(line in pieces()) {
        let ours = parse_challenges_strict(&[&line]).ok();
        prop_assert_eq!(ours, reference::challenges(&line), "{:?}", &line);
    }

    #[test]
    fn strict_reading_is_the_reference_grammar_on_any_text(line in "[Aa ,=\"\\\\\t/;'é\u{1}\u{7f}]{0,16}") {
        let ours = parse_challenges_strict(&[&line]).ok();
        prop_assert_eq!(ours, reference::challenges(&line), "{:?}", &line);
    }

    #[test]
    fn what_is_not_recovered_is_what_strict_reading_gives(lines in prop::collection::vec(pieces(), 0..4)) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let sound: Vec<_> = lines.iter().filter_map(|line| parse_challenges_strict(&[line]).ok()).flatten().collect();
        let mut tolerant = parse_challenges(&lines);
        tolerant.retain(|challenge| !challenge.recovered);
        prop_assert_eq!(tolerant, sound);
    }

    #[test]
    fn whatever_is_read_is_made_of_tokens_without_repetition(line in pieces()) {
        for challenge in parse_challenges(&[&line]) {
            prop_assert!(is_token(&challenge.scheme), "{:?}", challenge);
            for (index, (name, value)) in challenge.params.iter().enumerate() {
                prop_assert!(is_token(name) && *name == name.to_ascii_lowercase(), "{:?}", challenge);
                prop_assert!(challenge.params[..index].iter().all(|(other, _)| other != name), "{:?}", challenge);
                prop_assert!(!value.contains(|character: char| character != '\t' && character.is_ascii_control()), "{:?}", challenge);
            }
        }
    }

    #[test]
    fn pieces_are_the_same_of_utf8_and_of_a_byte_for_each_code_unit(line in pieces()) {
        let mut of_utf8 = Pieces::default().read(line.as_bytes()).to_vec();
        for Piece { start, end, .. } in &mut of_utf8 {
            *start = utf16_length(&line[..*start]);
            *end = utf16_length(&line[..*end]);
        }
        prop_assert_eq!(pieces_by_unit(&line), of_utf8);
    }

    #[test]
    fn lines_do_not_know_of_each_other(lines in prop::collection::vec(pieces(), 0..4)) {
        let together: Vec<&str> = lines.iter().map(String::as_str).collect();
        let apart: Vec<_> = lines.iter().flat_map(|line| parse_challenges(&[line])).collect();
        prop_assert_eq!(parse_challenges(&together), apart);
    }

    #[test]
    fn the_refused_position_is_where_no_ending_could_save_the_line(line in pieces()) {
        let Err(at) = parse_challenges_strict(&[&line]) else { return Ok(()) };
        let position = line.char_indices().map(|(at, _)| at).chain([line.len()]).find(|end| utf16_length(line.split_at(*end).0) == at.position).unwrap();
        let (before, after) = line.split_at(position);
        // Every state of the grammar can be ended by one of these.
        let can_end = |text: &str| ["", "\"", "a\"", "a", "=a"].iter().any(|end| reference::grammar(&[text, end].concat()).is_some());
        prop_assert!(can_end(before), "{:?} at {}", &line, position);
        let Some(refused) = after.chars().next() else { return Ok(()) };
        if can_end(&[before, refused.encode_utf8(&mut [0; 4])].concat()) {
            let name: String = after.chars().take_while(|character| is_token(character.encode_utf8(&mut [0; 4]))).collect();
            let challenge = reference::grammar(before).unwrap().pop().unwrap();
            prop_assert!(challenge.param(&name.to_ascii_lowercase()).is_some(), "{:?} at {}", &line, position);
        }
    }

    #[test]
    fn a_damaged_vector_is_read_strictly_by_the_reference_grammar(
        which in any::<prop::sample::Index>(),
        damages in prop::collection::vec((any::<prop::sample::Index>(), prop::option::of("[ ,=\"\\\\'{};/a\t\n\u{1}é]")), 1..4),
    ) {
        let case = which.get(&VECTORS);
        let mut line: Vec<char> = lines(case).join(", ").chars().collect();
        let short = line.len() < 400;
        for (place, put) in damages.into_iter().filter(|_| short) {
            let at = place.index(line.len() + 1);
            match put {
                Some(put) => line.insert(at, put.chars().next().unwrap()),
                None if at < line.len() => drop(line.remove(at)),
                None => {}
            }
        }
        let line: String = line.into_iter().collect();
        let strict = parse_challenges_strict(&[&line]).ok();
        prop_assert_eq!(&strict, &reference::challenges(&line), "{:?}", &line);
        let tolerant = parse_challenges(&[&line]);
        prop_assert!(strict.is_none() || strict.as_ref() == Some(&tolerant));
        prop_assert_eq!(tolerant.iter().any(|challenge| challenge.recovered), strict.is_none() && !tolerant.is_empty());
        let _ = (claims_challenge(&tolerant), demands(401, &tolerant));
    }

    #[test]
    fn any_bytes_at_all_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let utf8 = String::from_utf8_lossy(&bytes);
        let latin1: String = bytes.iter().copied().map(char::from).collect();
        for line in [&*utf8, &latin1] {
            let strict = parse_challenges_strict(&[line]).ok();
            prop_assert_eq!(&strict, &reference::challenges(line));
            let challenges = parse_challenges(&[line]);
            let _ = (claims_challenge(&challenges), demands(401, &challenges));
        }
    }

    #[test]
    fn where_http_auth_reads_a_line_we_read_the_same(line in pieces()) {
        // http-auth takes repeated names, keeps the order, and knows no limit.
        if let Some(theirs) = http_auth(&line) {
            match parse_challenges_strict(&[&line]) {
                Ok(ours) => prop_assert_eq!(ours, theirs, "{:?}", &line),
                Err(_) => {
                    let repeats = |c: &Challenge| (1..c.params.len()).any(|n| c.params[..n].iter().any(|(name, _)| *name == c.params[n].0));
                    prop_assert!(theirs.iter().any(repeats), "{:?}", &line);
                }
            }
        }
    }

    #[test]
    fn what_we_format_http_auth_reads(challenges in challenges()) {
        // It knows neither token68 nor text beyond ASCII, by design.
        let ascii = |challenge: &Challenge| challenge.params.iter().all(|(_, value)| value.is_ascii());
        let challenges: Vec<_> = challenges.into_iter().filter(|c| c.token68.is_none() && ascii(c)).collect();
        if !challenges.is_empty() {
            let line = challenges.iter().map(plain).collect::<Vec<_>>().join(", ");
            prop_assert_eq!(http_auth(&line), Some(challenges), "{}", &line);
        }
    }
}
