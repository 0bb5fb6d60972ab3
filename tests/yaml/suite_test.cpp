// SPDX-License-Identifier: Apache-2.0
// yaml-test-suite (label corpus; skipped without SLUICE_CORPUS): where Kubernetes' YAML library
// agrees with the suite, so does our reader. All other cases stand in suite_verdicts.tsv with what
// each of the three says, and that list is exact. SLUICE_UPDATE=1 rewrites our column only.
#include "base/sha256.hpp"
#include "io/files.hpp"
#include "yaml/canonical.hpp"
#include "yaml/parse.hpp"
#include "yaml/value.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace sluice::yaml {
namespace {

constexpr auto record = SLUICE_SOURCE_DIR "/tests/yaml/suite_verdicts.tsv";
constexpr std::uint64_t most_bytes = 1U << 20U;

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// The suite writes invisible characters as visible ones.
std::string plain(std::string text) {
  replace_all(text, "␣", " ");
  while (text.find("—»") != std::string::npos) {
    replace_all(text, "—»", "»");
  }
  replace_all(text, "»", "\t");
  replace_all(text, "⇔", "\xEF\xBB\xBF");
  replace_all(text, "←", "\r");
  replace_all(text, "↵", "");
  if (text.ends_with("∎\n")) {
    text.resize(text.size() - std::string_view("∎\n").size());
  }
  return text;
}

/// A value with its types and lengths written out: the form whose digest the record holds.
void tag(const Document& document, const Node& node, std::string& out) {
  const auto string = [&](std::string_view text) {
    (out += 's') += std::to_string(text.size()) + ':';
    out += text;
  };
  const auto children = document.children(node);
  switch (node.kind) {
    case Kind::null:
      out += 'n';
      break;
    case Kind::boolean:
      out += as_bool(node) ? 't' : 'f';
      break;
    case Kind::integer:
    case Kind::real:
      out += '#';
      append_canonical_json(document, node, out);
      out += ';';
      break;
    case Kind::string:
      string(node.text);
      break;
    case Kind::sequence:
      out += '[';
      for (const auto& child : children) {
        tag(document, child, out);
      }
      out += ']';
      break;
    case Kind::mapping: {
      std::map<std::string_view, const Node*> members;
      for (std::size_t i = 0; i < children.size(); i += 2) {
        members[children[i].text] = &children[i + 1];
      }
      out += '{';
      for (const auto& [key, value] : members) {
        string(key);
        tag(document, *value, out);
      }
      out += '}';
      break;
    }
  }
}

/// "refused", or twelve hex digits for the values.
std::string verdict(std::string text) {
  const auto stream = parse(std::move(text), "case.yaml", {}, 1, LastLine::ended);
  if (!stream || !stream->findings.empty()) {
    return "refused";
  }
  std::string values;
  for (const auto& document : stream->documents) {
    tag(document, document.root(), values);
  }
  return hex(sha256(values)).substr(0, 12);
}

struct Row {
  std::string suite, peer, ours;
};

struct Record {
  std::string head;  ///< the comment lines
  std::map<std::string, Row> rows;
};

Record read_record() {
  Record out;
  const auto bytes = io::read_file(record, most_bytes);
  EXPECT_TRUE(bytes.has_value());
  for (std::size_t at = 0; bytes && at < bytes->size();) {
    const auto end = bytes->find('\n', at);
    const auto line = bytes->substr(at, end - at);
    at = end + 1;
    if (line.starts_with('#')) {
      out.head += line + '\n';
      continue;
    }
    std::vector<std::string> fields(1);
    for (const char c : line) {
      if (c == '\t') {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    fields.resize(4);
    out.rows[fields[0]] = {fields[1], fields[2], fields[3]};
  }
  return out;
}

/// id/index and text of each case of a file; a case takes what it leaves out from the one before.
std::map<std::string, std::string> cases_of(const std::string& file, const std::string& id) {
  std::map<std::string, std::string> out;
  auto bytes = io::read_file(file, most_bytes);
  const auto cases = bytes ? parse_value(std::move(*bytes), file) : Result<Value>(Value{});
  EXPECT_TRUE(cases.has_value()) << file;
  std::string text;
  for (std::size_t i = 0; cases && i < cases->items.size(); ++i) {
    if (const auto* given = cases->items[i].find("yaml")) {
      text = given->text;
    }
    out[id + '/' + std::to_string(i)] = plain(text);
  }
  return out;
}

TEST(YamlTestSuite, AgreesWhereKubernetesDoes) {
  const char* corpus = std::getenv("SLUICE_CORPUS");
  if (corpus == nullptr) {
    GTEST_SKIP() << "skipped: SLUICE_CORPUS names no corpus";
  }
  const std::string folder = std::string(corpus) + "/yaml";
  auto known = read_record();
  const auto entries = io::walk(folder, [](std::string_view) { return true; });
  ASSERT_TRUE(entries.has_value());
  std::set<std::string> seen;
  int agreed = 0;
  for (const auto& entry : *entries) {
    if (!entry.path.ends_with(".yaml")) {
      continue;
    }
    for (const auto& [id, text] :
         cases_of(folder + '/' + entry.path, entry.path.substr(0, entry.path.size() - 5))) {
      seen.insert(id);
      auto& row = known.rows[id];
      ASSERT_FALSE(row.suite.empty()) << id << " is not in the record";
      const auto ours = verdict(text);
      const auto shown = ours == row.peer ? "=" : ours;
      if (row.suite == row.peer) {
        ++agreed;
        EXPECT_EQ(ours, row.peer) << id << ":\n" << text;
      } else if (std::getenv("SLUICE_UPDATE") == nullptr) {
        EXPECT_EQ(shown, row.ours) << id << ":\n" << text;
      }
      row.ours = shown;
    }
  }
  EXPECT_GT(agreed, 200);
  std::string table = known.head;
  for (const auto& [id, row] : known.rows) {
    EXPECT_TRUE(seen.contains(id)) << id << " is in the record only";
    ((((((table += id) += '\t') += row.suite) += '\t') += row.peer) += '\t') += row.ours + '\n';
  }
  if (std::getenv("SLUICE_UPDATE") != nullptr) {
    std::ofstream(record, std::ios::binary) << table;
  }
}

}  // namespace
}  // namespace sluice::yaml
