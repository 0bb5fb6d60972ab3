// SPDX-License-Identifier: Apache-2.0
// What `kyverno jp query` of version 1.19 says of each expression; empty: an error.
#include "policy/context.hpp"
#include "policy/random_text.hpp"

#include <gtest/gtest.h>

#include <re2/re2.h>

namespace sluice::policy {
namespace {

struct Row {
  std::string_view expression, json;
};

constexpr Row rows[] = {
    {R"(time_add('2021-01-02T15:04:05-07:00', '3h'))", R"("2021-01-02T18:04:05-07:00")"},
    {R"(time_add('2021-01-02T15:04:05.999Z', '-3h30m1.5s'))", R"("2021-01-02T11:34:04Z")"},
    {R"(time_after('2021-01-02T15:04:05Z', '2021-01-02T15:04:04Z'))", R"(true)"},
    {R"(time_before('2021-01-02T15:04:05Z', '2021-01-02T16:04:05+01:00'))", R"(false)"},
    {R"(time_before('2021-01-02T15:04:05Z', '2021-01-02T16:04:05Z'))", R"(true)"},
    {R"(time_between('2021-01-02T15:04:05Z', '2021-01-01T15:04:05Z', '2021-02-01T15:04:05Z'))",
     R"(true)"},
    {R"(time_between('2021-01-02T15:04:05Z', '2021-01-02T15:04:05Z', '2021-02-01T15:04:05Z'))",
     R"(false)"},
    {R"(time_diff('2021-01-02T15:04:05-07:00', '2021-01-10T03:14:05-07:00'))", R"("180h10m0s")"},
    {R"(time_diff('2021-01-10T03:14:05-07:00', '2021-01-02T15:04:05.25-07:00'))",
     R"("-180h9m59.75s")"},
    {R"(time_diff('0001-01-01T00:00:00Z', '9999-01-01T00:00:00Z'))",
     R"("2562047h47m16.854775807s")"},
    {R"(time_parse('3:04 PM, Mon Jan 2 2006', '4:18 AM, Tue Nov 30 2021'))",
     R"("2021-11-30T04:18:00Z")"},
    {R"(time_parse('2006-01-02T15:04:05Z07:00', '2021-01-02T15:04:05-07:00'))",
     R"("2021-01-02T15:04:05-07:00")"},
    {R"(time_parse('1702691171', '1702691171'))", R"("2023-12-16T01:46:11Z")"},
    {R"(time_parse('Monday, January 2, 2006 15:04:05.000 MST', 'Friday, February 2, 2024 05:06:07.123 CEST'))",
     R"("2024-02-02T05:06:07Z")"},
    {R"(time_parse('Mon, 02 Jan 2006 15:04:05 -0700', 'Fri, 02 Feb 2024 05:06:07 +0230'))",
     R"("2024-02-02T05:06:07+02:30")"},
    {R"(time_parse('_2 Jan 06 03:04:05 pm', ' 9 Sep 70 12:01:02 am'))",
     R"("1970-09-09T00:01:02Z")"},
    {R"(time_parse('2006-002', '2024-060'))", R"("2024-02-29T00:00:00Z")"},
    {R"(time_parse('2006-01-02', '2023-02-29'))", ""},
    {R"(time_parse('2006-01-02', '2024-2-9'))", ""},
    {R"(time_parse('02/01/2006 15:04', '29/02/2024 23:59'))", R"("2024-02-29T23:59:00Z")"},
    {R"(time_since('', '2021-01-02T15:04:05-07:00', '2021-01-10T03:14:05-07:00'))",
     R"("180h10m0s")"},
    {R"(time_since('2006-01-02', '2021-01-02', '2021-03-02'))", R"("1416h0m0s")"},
    {R"(time_to_cron('2022-04-11T03:14:05-07:00'))", R"("14 3 11 4 1")"},
    {R"(time_truncate('2021-01-02T17:37:00Z', '1h'))", R"("2021-01-02T17:00:00Z")"},
    {R"(time_truncate('2021-01-02T17:37:00.5+05:45', '24h'))", R"("2021-01-02T05:45:00+05:45")"},
    {R"(time_truncate('2021-01-02T17:37:00Z', '-1h'))", R"("2021-01-02T17:37:00Z")"},
    {R"(time_utc('2021-01-02T15:04:05-07:00'))", R"("2021-01-02T22:04:05Z")"},
    {R"(time_utc('2021-01-02T15:04:05,5-07:00'))", R"("2021-01-02T22:04:05Z")"},
    {R"(time_utc('2021-01-02T24:04:05Z'))", ""},
    {R"(time_utc('2021-01-02 15:04:05Z'))", ""},
    {R"(time_add('2021-01-02T15:04:05Z', '3 hours'))", ""},
    {R"(md5(''))", R"("d41d8cd98f00b204e9800998ecf8427e")"},
    {R"(md5('alertmanager'))", R"("21df80bc1d5b811e5525fe3693d08b21")"},
    {R"(sha1('alertmanager'))", R"("9fe84adc4eb8248be3322c8754a0cf6219d122d6")"},
    {R"(sha256('alertmanager'))",
     R"("11e295cda8ce492b522a7ba16a3a73db96012f00acd8f129d5c2a3012c3408d3")"},
    {R"(sha1('ä'))", R"("961fa22f61a56e19f3f5f8867901ac8cf5e6d11f")"},
    {R"(is_external_url('http://127.0.0.1:8080/x'))", R"(false)"},
    {R"(is_external_url('https://8.8.8.8'))", R"(true)"},
    {R"(is_external_url('https://user@10.1.2.3/'))", R"(false)"},
    {R"(is_external_url('https://172.32.0.1/'))", R"(true)"},
    {R"(is_external_url('https://172.31.0.1/'))", R"(false)"},
    {R"(is_external_url('http://[::1]:80/'))", R"(false)"},
    {R"(is_external_url('http://[fd00::1]/'))", R"(false)"},
    {R"(is_external_url('http://[2001:db8::1]/'))", R"(true)"},
    {R"(is_external_url('http://[::ffff:192.168.0.1]/'))", R"(false)"},
    {R"(is_external_url('http://0.0.0.0/'))", R"(true)"},
    {R"(is_external_url('http://169.254.169.254/'))", R"(true)"},
    {R"(is_external_url('://x'))", ""},
    {R"(base64_decode('aGVsbG8='))", R"("hello")"},
    {R"(base64_decode('aGVsbG8'))", ""},
    {R"(base64_encode('hellö'))", R"("aGVsbMO2")"},
    {R"(image_normalize('nginx'))", R"("docker.io/nginx:latest")"},
    {R"(image_normalize('nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'))",
     R"("docker.io/nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")"},
    {R"(to_upper('straße'))", R"("STRAßE")"},
    {R"(to_lower('ÄÖÜ'))", R"("äöü")"},
    {R"(equal_fold('Ä', 'ä'))", R"(true)"},
    {R"(replace('cook', '', 'x', `2`))", R"("xcxook")"},
    {R"(replace('abcabc', 'b', 'x', `-1`))", R"("axcaxc")"},
    {R"(truncate('Lorem ipsum', `5`))", R"("Lorem")"},
    {R"(truncate('äöü', `2`))", R"("äö")"},
    {R"(trim(' ¡¡¡Hello!!! ', ' ¡!'))", R"("Hello")"},
    {R"(trim_prefix('¡¡Hello', '¡¡'))", R"("Hello")"},
    {R"(split('äöü', ''))", R"(["ä","ö","ü"])"},
    {R"(split('a.b.c', '.'))", R"(["a","b","c"])"},
    {R"(parse_yaml('yes: no'))", R"({"true":false})"},
    {R"(parse_json('{"a":[1,2.5,null]}'))", R"({"a":[1,2.5,null]})"},
    {R"(semver_compare('4.1.3', '>=4.1.x'))", R"(true)"},
    {R"(semver_compare('4.1.3', '!4.x.x'))", R"(false)"},
    {R"(semver_compare('1.2.3', '>1.0.0 <2.0.0 || >3.0.0'))", R"(true)"},
    {R"(label_match({app:'a'}, {app:'a',b:'c'}))", R"(true)"},
    {R"(pattern_match('pr?x*', 'prox'))", R"(true)"},
    {R"(pattern_match('?', 'ä'))", R"(true)"},
    {R"(pattern_match('??', 'ä'))", R"(false)"},
    {R"(regex_match('^[1-7]$', '1'))", R"(true)"},
    {R"(regex_match('^[1-7]$', `1`))", R"(true)"},
    {R"(regex_replace_all('([Hh]e|G)l', 'Hello', '${2}G'))", R"("Glo")"},
    {R"(regex_replace_all('([Hh]e|G)l', 'Hello', '${1}1-$1'))", R"("He1-Helo")"},
    {R"(regex_replace_all_literal('[Hh]el?', 'Hello', '$1x'))", R"("$1xlo")"},
    {R"(items({b:`1`,a:`2`}, 'k', 'v'))", R"([{"k":"a","v":2},{"k":"b","v":1}])"},
    {R"(object_from_lists(['a','b'], ['1']))", R"({"a":"1","b":null})"},
    {R"(lookup(['a','b'], `1`))", R"("b")"},
    {R"(lookup({a:'x'}, 'a'))", R"("x")"},
    {R"(path_canonicalize('../../kubelet/./x//y'))", R"("../../kubelet/x/y")"},
    {R"(round(`4.7563`, `2`))", R"(4.76)"},
    {R"(add('10Mi', '24Ki'))", R"("10264Ki")"},
    {R"(subtract('1h', '30m'))", ""},
    {R"(multiply('10Ki', `3`))", R"("30Ki")"},
    {R"(divide('12s', '2s'))", R"(6)"},
    {R"(modulo(`10`, `3`))", R"(1)"},
    {R"(sum(['1Mi', '1Ki']))", R"("1025Ki")"},
    {R"(to_boolean('True'))", R"(true)"},
    {R"(to_boolean('yes'))", ""},
    {R"(compare('a', 'b'))", R"(-1)"},
    {R"(max(['a','b']))", R"("b")"},
    {R"(sort_by([{a:'b'},{a:'a'}], &a))", R"([{"a":"a"},{"a":"b"}])"},
    {R"(join('-', ['a','b']))", R"("a-b")"},
    {R"(contains('abc', 'b'))", R"(true)"},
    {R"(contains(['a'], 'a'))", R"(true)"},
    {R"(to_number('1e3'))", R"(1000)"},
    {R"(to_string({a:`1`}))", R"("{\"a\":1}")"},
    {R"(not_null(`null`, 'a'))", R"("a")"},
    {R"(merge({a:'1'}, {a:'2'}))", R"({"a":"2"})"},
    {R"(type(`1`))", R"("number")"},
    {R"(to_array('a'))", R"(["a"])"},
    {R"(reverse('äb'))", R"("bä")"},
    {R"(map(&a, [{a:'1'},{b:'2'}]))", R"(["1",null])"},
};

/// The value as JSON; empty when there is none.
std::string evaluated(std::string_view expression, std::int64_t now, Failure& failure) {
  Arena arena;
  ExpressionCache cache;
  Context context(arena, cache);
  context.now = now;
  Value out;
  std::string json;
  if (context.query(expression, out, failure)) {
    append_json(out, json);
  }
  return json;
}

TEST(KyvernoFunctions, AsTheCli) {
  for (const auto& row : rows) {
    SCOPED_TRACE(row.expression);
    Failure failure;
    EXPECT_EQ(evaluated(row.expression, 0, failure), row.json) << failure.message;
    EXPECT_NE(failure.kind, Failure::Kind::unsupported) << failure.message;
  }
}

TEST(KyvernoFunctions, TheClockIsGiven) {
  constexpr std::int64_t now = 1'700'000'000'500'000'000;
  Failure failure;
  EXPECT_EQ(evaluated("time_now()", now, failure), R"("2023-11-14T22:13:20Z")");
  EXPECT_EQ(evaluated("time_now_utc()", now, failure), R"("2023-11-14T22:13:20Z")");
  EXPECT_EQ(evaluated("time_since('', '2023-11-14T22:13:19Z', '')", now, failure), R"("1.5s")");
}

TEST(KyvernoFunctions, NamesAreNotLookedUp) {
  Failure failure;
  EXPECT_EQ(evaluated("is_external_url('https://example.com/')", 0, failure), "");
  EXPECT_EQ(failure.kind, Failure::Kind::unsupported);
}

TEST(RandomText, FitsAndRepeats) {
  for (const auto* const pattern :
       {"[0-9a-z]{8}", "(a|bc)+x?", "[^a-z]{3}", "\\d{2}-\\w+\\.", "v[1-3]{2,5}", "^abc$", ""}) {
    const auto text = random_text(pattern);
    ASSERT_TRUE(text) << pattern;
    EXPECT_TRUE(re2::RE2::FullMatch(*text, pattern)) << pattern << " " << *text;
    EXPECT_EQ(*text, *random_text(pattern));
  }
}

TEST(RandomText, Refuses) {
  EXPECT_EQ(random_text("[a").error().kind, Error::Kind::parse);
  for (const auto* const pattern :
       {"(?i)a", "[[:alpha:]]", "\\pL", "((((a?)*)*)*)*b{1000}{1000}"}) {
    EXPECT_FALSE(random_text(pattern)) << pattern;
  }
}

}  // namespace
}  // namespace sluice::policy
