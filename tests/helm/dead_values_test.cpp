// SPDX-License-Identifier: Apache-2.0
#include "helm/dead_values.hpp"

#include "helm/suggest_value.hpp"
#include "helm/write_values.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::helm {
namespace {

std::shared_ptr<const ChartValues> chart(const ChartFiles& files) {
  auto read = read_chart_values(files);
  EXPECT_TRUE(read) << (read ? "" : read.error().message);
  return *read;
}

const ChartFiles portal = {
    {"Chart.yaml",
     "name: portal\nversion: 1.0.0\ndependencies:\n- name: backstage\n  condition: "
     "backstage.enabled\n"},
    {"values.yaml", "backstage:\n  replicas: 2\n"},
    {"charts/backstage/Chart.yaml", "name: backstage\nversion: 2.6.3\n"},
    {"charts/backstage/values.yaml",
     "backstage:\n  image: {tag: v1}\n  startupProbe: {}\n  resources:\n    limits: {}\ningress: "
     "{enabled: false, className: nginx}\n"
     "extra: {}\nservice:\n  port: 80\n"},
    {"charts/backstage/templates/a.yaml",
     "{{ .Values.backstage.image.tag }} {{ toYaml .Values.extra }} {{ if .Values.secret.name }}{{ "
     "end }} {{ $.Values.service.port }}{{ .Values.global.region }}"},
};

/// Pretends to be helm: it prints those of the words that the values hold.
ConfirmingRenders renders_when_missing(std::vector<std::string> live, int* calls = nullptr) {
  const auto print = [live = std::move(live)](const std::map<std::size_t, std::string>& texts) {
    std::string out = "kind: Test\n";
    for (const auto& word : live) {
      const bool there = texts.empty() || std::ranges::any_of(texts, [&](const auto& text) {
                           return text.second.find(word) != std::string::npos;
                         });
      out += there ? "  word: " + word + "\n" : "";
    }
    return out;
  };
  return {.base = [print]() -> Result<std::string> { return print({}); },
          .without = [print, calls](const auto& texts) -> Result<std::string> {
            if (calls != nullptr) {
              ++*calls;
            }
            return print(texts);
          }};
}

std::string show(const DeadValues& found) {
  std::string out;
  for (const auto& dead : found.dead) {
    out += dead.file + ':' + std::to_string(dead.at.line) + ' ' + dotted(dead.path) + ' ' +
           std::to_string(dead.values) + " -> " + dead.suggestion + (dead.certain ? " !" : "") +
           '\n';
  }
  for (const auto& reason : found.not_checked) {
    out += "? " + reason + '\n';
  }
  return out;
}

JudgedLayer layer(std::string text) {
  return {"values.yaml", std::move(text), {"values.yaml", 1, 1}};
}

TEST(Knowledge, TellsKnownOpenAndUnknown) {
  const auto facts = chart(portal);
  const struct {
    ValuePath path;
    Knowledge expected;
  } rows[] = {
      {{"backstage"}, Knowledge::known},
      {{"backstage", "enabled"}, Knowledge::known},  // a condition
      {{"backstage", "backstage", "image"}, Knowledge::known},
      {{"backstage", "backstage", "image", "tag"}, Knowledge::open},  // printed
      {{"backstage", "backstage", "image", "tagg"}, Knowledge::unknown},
      {{"backstage", "backstage", "startupProbe", "path"}, Knowledge::unknown},  // below {}, unread
      {{"backstage", "startupProbe"}, Knowledge::unknown},                       // one level wrong
      {{"backstage", "extra", "anything"}, Knowledge::open},                     // handed on whole
      {{"backstage", "secret", "name"}, Knowledge::known},  // only a template names it
      {{"global", "x"}, Knowledge::unknown},
      {{"global", "region"}, Knowledge::open},  // a dependency reads it
      {{"backstage", "global", "region"}, Knowledge::open},
      {{"backstage", "service", "port"}, Knowledge::open},
      {{"tags", "x"}, Knowledge::open},
      {{"image"}, Knowledge::unknown},
  };
  for (const auto& [path, expected] : rows) {
    SCOPED_TRACE(dotted(path));
    EXPECT_EQ(knowledge_of(*facts, path), expected);
  }
}

TEST(DeadValues, FindsAValueNestedOneLevelWrong) {
  int calls = 0;
  const auto found = find_dead_values(
      *chart(portal),
      {layer("backstage:\n  startupProbe:\n    initialDelaySeconds: 30\n    periodSeconds: 5\n")},
      renders_when_missing({}, &calls));
  EXPECT_EQ(show(found),
            "values.yaml:2 backstage.startupProbe 2 -> backstage.backstage.startupProbe !\n");
  EXPECT_EQ(calls, 1);  // one render confirms
}

TEST(DeadValues, NeedsNoRenderWhenEverythingIsKnown) {
  int calls = 0;
  const auto found =
      find_dead_values(*chart(portal), {layer("backstage:\n  ingress: {enabled: true}\n")},
                       renders_when_missing({}, &calls));
  EXPECT_EQ(show(found), "");
  EXPECT_EQ(calls, 0);
}

TEST(DeadValues, KeepsWhatIsAliveAmongSuspects) {
  int calls = 0;
  const auto found = find_dead_values(
      *chart(portal),
      {layer("backstage:\n  ingres: {enabled: true}\n  podLabels: {live: x}\nimage: 1\n")},
      renders_when_missing({"live"}, &calls));
  EXPECT_EQ(show(found),
            "values.yaml:2 backstage.ingres 1 -> backstage.ingress !\nvalues.yaml:4 image 1 -> "
            "backstage.backstage.image !\n");
  EXPECT_EQ(calls, 2);
}

TEST(DeadValues, JudgesAllLayersInOneRender) {
  int calls = 0;
  const auto found = find_dead_values(*chart(portal), {layer("nope: 1\n"), layer("neither: 2\n")},
                                      renders_when_missing({}, &calls));
  EXPECT_EQ(show(found), "values.yaml:1 nope 1 -> \nvalues.yaml:1 neither 1 -> \n");
  EXPECT_EQ(calls, 1);
}

/// The lines that changed show neither value nor name; then what looks like a mistake is asked for.
TEST(DeadValues, TakesWhatLooksLikeAMistakeForDeadFirst) {
  int calls = 0;
  auto renders = renders_when_missing({}, &calls);
  renders.base = [] { return Result<std::string>("sum: 7\n"); };
  renders.without = [&](const auto& texts) -> Result<std::string> {
    ++calls;
    return std::string(texts.at(0).find("zz") == std::string::npos ? "sum: 1\n" : "sum: 7\n");
  };
  const auto found = find_dead_values(
      *chart(portal), {layer("backstage:\n  zz: 1\n  ingres: {enabled: true}\n")}, renders);
  EXPECT_EQ(show(found), "values.yaml:3 backstage.ingres 1 -> backstage.ingress !\n");
  EXPECT_EQ(calls, 2);
}

TEST(DeadValues, SaysWhatOneRenderCouldNotDecide) {
  int calls = 0;
  auto renders = renders_when_missing({"live"}, &calls);
  renders.most = 1;
  const struct {
    std::string_view values, expected;
  } rows[] = {
      // What is printed is not asked about.
      {"nope: 1\nx: live\n",
       "values.yaml:1 nope 1 -> \n"
       "? values.yaml: 1 value left undecided after the renders that a unit may have\n"},
      {"nope: 1\nlive: 2\n",
       "? values.yaml: 2 values left undecided after the renders that a unit may have\n"},
  };
  for (const auto& [values, expected] : rows) {
    SCOPED_TRACE(values);
    calls = 0;
    EXPECT_EQ(show(find_dead_values(*chart(portal), {layer(std::string(values))}, renders)),
              expected);
    EXPECT_EQ(calls, 1);
  }
}

TEST(DeadValues, SplitsASuspectThatIsHalfAlive) {
  const auto found =
      find_dead_values(*chart(portal), {layer("backstage:\n  podMeta: {live: 1, dead: 2}\n")},
                       renders_when_missing({"live"}));
  EXPECT_EQ(show(found), "values.yaml:2 backstage.podMeta.dead 1 -> \n");
}

TEST(DeadValues, SaysWhenARandomChartCannotBeJudged) {
  int calls = 0;
  const auto found = find_dead_values(
      *chart(portal), {layer("backstage:\n  nope: 1\n")},
      {.base = [] { return Result<std::string>("0"); },
       .without = [&](const auto&) -> Result<std::string> { return std::to_string(++calls); }});
  EXPECT_EQ(
      show(found),
      "? values.yaml: the chart renders differently each time, so unread values cannot be told\n");
}

TEST(DeadValues, SparesAnchorsAndExtensionKeys) {
  const auto found = find_dead_values(
      *chart(portal), {layer("x-common: {a: 1}\nnope: &n {a: 1}\nbackstage:\n  odd: *n\n")},
      renders_when_missing({}));
  EXPECT_EQ(show(found), "");
}

TEST(DeadValues, JudgesAChartsOwnValuesOnlyForItsDependencies) {
  const auto facts = chart(portal);
  auto own = layer("backstage:\n  startupProbe: {a: 1}\nmine: 1\n");
  own.of_the_chart = true;
  // portal has no templates: whatever is not for a dependency is read by nobody.
  EXPECT_EQ(show(find_dead_values(*facts, {own}, renders_when_missing({}))),
            "values.yaml:2 backstage.startupProbe 1 -> backstage.backstage.startupProbe "
            "!\nvalues.yaml:3 mine 1 -> \n");
  auto with_template = portal;
  with_template.emplace("templates/a.yaml", "x");
  EXPECT_EQ(show(find_dead_values(*chart(with_template), {own}, renders_when_missing({}))),
            "values.yaml:2 backstage.startupProbe 1 -> backstage.backstage.startupProbe !\n");
}

/// A chart of one template, with defaults.
std::shared_ptr<const ChartValues> web(std::string_view defaults,
                                       std::string_view text,
                                       ChartFiles more = {}) {
  more.emplace("Chart.yaml", "name: web\nversion: 1.0.0\n");
  more.emplace("values.yaml", defaults);
  more.emplace("templates/a.yaml", text);
  return chart(more);
}

TEST(Knowledge, HasManySources) {
  const auto facts = chart({
      {"Chart.yaml",
       "name: web\ndependencies:\n- {name: db, alias: store, condition: store.on, import-values: "
       "[data, {child: deep.one, parent: two}]}\n- {name: absent}\n"},
      {"values.yaml", "text: '{{ .Values.by.default }}'\nstore: {oops: 1}\n"},
      {"values.schema.json", R"({"properties": {"s": {"properties": {"t": {}}}}})"},
      {"files/board.json", "{{ .Values.by.file }}"},
      {"templates/NOTES.txt", "{{ .Values.by.notes }}"},
      {"templates/a.yaml", "{{ tpl .Values.text . }}"},
      {"charts/db/Chart.yaml", "name: db\n"},
      {"charts/db/values.yaml", "size: 1\n"},
      {"charts/db/templates/a.yaml", "{{ .Values.size }}"},
      {"charts/undeclared/Chart.yaml", "name: undeclared\n"},
      {"charts/undeclared/templates/a.yaml", "{{ .Values.x }}"},
  });
  const struct {
    ValuePath path;
    Knowledge expected;
  } rows[] = {
      {{"by", "default"}, Knowledge::open},
      {{"by", "file"}, Knowledge::open},
      {{"by", "notes"}, Knowledge::open},
      {{"by", "nobody"}, Knowledge::unknown},
      {{"s", "t"}, Knowledge::known},
      {{"s", "u"}, Knowledge::unknown},
      {{"store", "on"}, Knowledge::known},
      {{"store", "size"}, Knowledge::open},
      {{"store", "oops"}, Knowledge::unknown},  // the own defaults are a person's values, too
      {{"store", "exports", "data", "x"}, Knowledge::open},
      {{"store", "deep", "one", "x"}, Knowledge::open},
      {{"db", "size"}, Knowledge::unknown},  // the alias counts
      {{"absent", "x"}, Knowledge::open},
      {{"undeclared", "x"}, Knowledge::open},
      {{"undeclared", "y"}, Knowledge::unknown},
  };
  for (const auto& [path, expected] : rows) {
    SCOPED_TRACE(dotted(path));
    EXPECT_EQ(knowledge_of(*facts, path), expected);
  }
}

TEST(DeadValues, JudgesKeysBelowEmptyDefaults) {
  EXPECT_EQ(show(find_dead_values(*web("server: {}\n", "{{ .Values.server.port }}"),
                                  {layer("server: {prot: 1, port: 2}\nlist: [{a: 1}]\n")},
                                  renders_when_missing({}))),
            "values.yaml:1 server.prot 1 -> server.port\nvalues.yaml:2 list 1 -> \n");
}

TEST(DeadValues, SparesWhatTheValuesThemselvesRead) {
  int calls = 0;
  EXPECT_EQ(show(find_dead_values(
                *web("host: ''\n", "{{ tpl .Values.host . }}"),
                {layer("host: 'a.{{ .Values.domain }}'\n"), layer("domain: example.com\n")},
                renders_when_missing({}, &calls))),
            "");
  EXPECT_EQ(calls, 0);
}

TEST(DeadValues, SaysWhichChartIsMissing) {
  const auto facts = chart({{"Chart.yaml", "name: web\ndependencies: [{name: db}]\n"}});
  EXPECT_EQ(show(find_dead_values(*facts, {layer("db: {x: 1}\n")}, renders_when_missing({}))),
            "? values.yaml: the chart that reads db is not here\n");
}

TEST(Suggest, PutsTheAliasInPlaceOfTheChartsName) {
  const auto facts =
      chart({{"Chart.yaml", "name: web\ndependencies: [{name: postgresql, alias: db}]\n"},
             {"charts/postgresql/Chart.yaml", "name: postgresql\n"},
             {"charts/postgresql/values.yaml", "disk: {size: 1}\n"},
             {"charts/postgresql/templates/a.yaml", "{{ .Values.disk.size }}"}});
  EXPECT_EQ(show(find_dead_values(*facts, {layer("postgresql: {disk: {size: 2}}\n")},
                                  renders_when_missing({}))),
            "values.yaml:1 postgresql.disk 1 -> db.disk !\n");
}

TEST(Suggest, NamesTwoWhenNeitherIsNearer) {
  const auto facts =
      web("master: {disk: {size: 1}}\nreplica: {disk: {size: 1}}\n", "{{ toYaml .Values.master }}");
  const auto found =
      find_dead_values(*facts, {layer("disk: {size: 2}\n")}, renders_when_missing({}));
  ASSERT_EQ(found.dead.size(), 1U);
  EXPECT_EQ(found.dead[0].suggestion, "master.disk");
  EXPECT_EQ(found.dead[0].alternative, "replica.disk");
  // The section that the values speak of is the one that is meant.
  EXPECT_EQ(show(find_dead_values(*facts, {layer("disk: {size: 2}\nreplica: {odd: true}\n")},
                                  renders_when_missing({}))),
            "values.yaml:1 disk 1 -> replica.disk !\nvalues.yaml:2 replica.odd 1 -> \n");
}

TEST(Suggest, KnowsMappingsThatTheValuesFillThemselves) {
  const struct {
    std::string_view values, expected;
  } rows[] = {
      {"web: {team: a, labels: {tier: b}}\n", "web.labels.team"},
      {"web: {team: a, labels: {}}\n", "web.labels.team"},
      {"web: {team: 1, labels: {tier: b}}\n", ""},                    // labels are texts
      {"web: {team: a, labels: {tier: b}, notes: {tier: b}}\n", ""},  // a guess
      {"web: {team: a}\n", ""},
      {"web: {part: {a: 1}, config: {part: {b: 1}}}\n", "web.config.part"},  // split in two
  };
  const auto facts = web("web: {labels: {}, notes: {}, config: {}}\n",
                         "{{ toYaml .Values.web.labels }}{{ toYaml .Values.web.notes }}{{ toYaml "
                         ".Values.web.config }}");
  for (const auto& [values, expected] : rows) {
    SCOPED_TRACE(values);
    const auto found =
        find_dead_values(*facts, {layer(std::string(values))}, renders_when_missing({}));
    ASSERT_EQ(found.dead.size(), 1U);
    EXPECT_EQ(found.dead[0].suggestion, expected);
  }
}

TEST(Suggest, LooksForTheChildrenOfAMappingThatIsNowhere) {
  EXPECT_EQ(show(find_dead_values(*chart(portal),
                                  {layer("backstage:\n  backend:\n    startupProbe: {a: 1}\n    "
                                         "resources: {limits: {}}\n")},
                                  renders_when_missing({}))),
            "values.yaml:3 backstage.backend.startupProbe 1 -> backstage.backstage.startupProbe "
            "!\nvalues.yaml:4 backstage.backend.resources 1 -> backstage.backstage.resources !\n");
}

TEST(DeadValueFindings, AreForFilesThatNoUnitReads) {
  const DeadValue dead{.file = "v.yaml", .path = {"a"}, .at = {"v.yaml", 3, 1}, .chart = "web 1.0"};
  const DeadValues both{.dead = {dead}, .judged = {"v.yaml"}};
  const DeadValues alive{.judged = {"v.yaml"}};
  auto findings = dead_value_findings({{"web", "dev", both}, {"web", "prod", both}});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].severity, diag::Severity::warning);
  EXPECT_EQ(findings[0].message,
            "a changes nothing in any of the environments dev, prod: no template of web 1.0 reads "
            "it, and the render without it is the same");
  findings = dead_value_findings({{"web", "dev", both}, {"web", "prod", alive}});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].severity, diag::Severity::note);
}

TEST(WriteValues, KeepsEveryScalarAsItWasWritten) {
  const std::string text =
      "a: 12345678901\nb: 0755\nc: yes\nd: \"x\\ty\"\ne: |\n  l1\n  l2\nf: [1.10, {g: ~}]\nh: {i: "
      "1}\nj: !!str 5\nk: 'it''s'\nl: plain text, with [brackets]\n";
  const auto stream = yaml::parse(text, "v.yaml");
  ASSERT_TRUE(stream);
  const auto& document = stream->documents.front();
  const auto* h = document.find(document.root(), "h");
  EXPECT_EQ(write_values_without(document, {document.find_key(*h, "i")}),
            "\"a\": 12345678901\n\"b\": 0755\n\"c\": yes\n\"d\": \"x\\ty\"\n\"e\": "
            "\"l1\\nl2\\n\"\n\"f\":\n  - 1.10\n  -\n    \"g\": ~\n\"h\": {}\n"
            "\"j\": \"5\"\n\"k\": 'it''s'\n\"l\": plain text, with [brackets]\n");
}

}  // namespace
}  // namespace sluice::helm
