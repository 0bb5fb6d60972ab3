// SPDX-License-Identifier: Apache-2.0
#include "edit/random_yaml.hpp"

#include "base/json_text.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace sluice::test {
namespace {

struct Spelling {
  std::string_view text, json;
};

constexpr std::array<Spelling, 16> plain{{{"v1", "\"v1\""},
                                          {"1.4.2", "\"1.4.2\""},
                                          {"abc-def_0.1", "\"abc-def_0.1\""},
                                          {"two words", "\"two words\""},
                                          {"it's", "\"it's\""},
                                          {"a#b", "\"a#b\""},
                                          {"true", "true"},
                                          {"no", "false"},
                                          {"0644", "420"},
                                          {"1.10", "1.1"},
                                          {"-5", "-5"},
                                          {"~", "null"},
                                          {"null", "null"},
                                          {"2024-01-02", "\"2024-01-02\""},
                                          {"x\\n", "\"x\\\\n\""},
                                          {"\xC3\xA9t\xC3\xA9", "\"\xC3\xA9t\xC3\xA9\""}}};
/// Only outside flow collections.
constexpr std::array<Spelling, 6> plain_in_block{{{"ghcr.io/a/b:1", "\"ghcr.io/a/b:1\""},
                                                  {"a,b", "\"a,b\""},
                                                  {"x[0]", "\"x[0]\""},
                                                  {"http://x/y?z=1#f", "\"http://x/y?z=1#f\""},
                                                  {"a}", "\"a}\""},
                                                  {"", "null"}}};
constexpr std::array<Spelling, 6> quoted{{{"''", "\"\""},
                                          {"'it''s'", "\"it's\""},
                                          {"'# no comment'", "\"# no comment\""},
                                          {"'1.10'", "\"1.10\""},
                                          {"'a: b, [c]'", "\"a: b, [c]\""},
                                          {"'\xE2\x82\xAC \\n'", "\"\xE2\x82\xAC \\\\n\""}}};
constexpr std::array<Spelling, 7> double_quoted{{{"\"\"", "\"\""},
                                                 {"\"v1\"", "\"v1\""},
                                                 {"\"say \\\"hi\\\"\"", "\"say \\\"hi\\\"\""},
                                                 {"\"a\\tb\\\\c\"", "\"a\\tb\\\\c\""},
                                                 {"\"\\u00e9\\x41\"", "\"\xC3\xA9\x41\""},
                                                 {"\"it's # {x}\"", "\"it's # {x}\""},
                                                 {"\"\\x2f\"", "\"/\""}}};
constexpr std::array<Spelling, 3> tagged{
    {{"!!str 123", "\"123\""}, {"!custom v", "\"v\""}, {"!!str 'x'", "\"x\""}}};
constexpr std::array<Spelling, 7> keys{{{"plain", "plain"},
                                        {"'quo''ted'", "quo'ted"},
                                        {"\"a/b~c\"", "a/b~c"},
                                        {"with blank", "with blank"},
                                        {"a.b", "a.b"},
                                        {"\xC3\xBC", "\xC3\xBC"},
                                        {"\"x: y\"", "x: y"}}};

std::string pointer_word(std::string_view key) {
  std::string word;
  for (const char c : key) {
    word += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  }
  return word;
}

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) { eol_ = chance(20) ? "\r\n" : "\n"; }

  RandomYaml run() {
    if (chance(10)) {
      out() += "\xEF\xBB\xBF";
    }
    const auto documents = 1 + (chance(25) ? pick(3) : 0);
    for (std::size_t i = 0; i < documents; ++i) {
      if (i > 0 || chance(30)) {
        out() += "---" + eol_;
      }
      anchors_.clear();
      comment_lines(0);
      auto root = std::make_shared<Meaning>();
      made_.documents.push_back(root);
      if (chance(85)) {
        mapping(0, "", *root, 0);
      } else {
        list(0, "", *root, 0);
      }
    }
    if (chance(15) && out().ends_with(eol_)) {
      out().resize(out().size() - eol_.size());
      if (!made_.scalars.empty() && made_.scalars.back().form == WrittenScalar::Form::block) {
        out() += eol_;  // a block scalar without its last line end means something else
      }
    }
    return std::move(made_);
  }

 private:
  std::string& out() { return made_.text; }
  std::size_t pick(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  bool chance(unsigned percent) { return pick(100) < percent; }
  template <std::size_t N>
  const Spelling& one_of(const std::array<Spelling, N>& all) {
    return all[pick(N)];
  }

  void comment_lines(std::size_t indent) {
    const bool after_block = std::exchange(after_block_, false);
    while (chance(15)) {
      // Behind a block scalar only what is indented less is no part of it.
      const auto blanks = after_block ? 0 : chance(50) ? indent : pick(6);
      out() += std::string(blanks, ' ') + "# it's a \"comment\": [x" + eol_;
    }
    if (!after_block && chance(10)) {
      out() += eol_;
    }
  }

  void end_line() {
    if (chance(15)) {
      out() += "   # tag: v1, {x";
    } else if (chance(10)) {
      out() += "  ";
    }
    out() += eol_;
  }

  void note(WrittenScalar::Form form,
            std::string path,
            std::size_t begin,
            std::size_t end,
            std::shared_ptr<Meaning> meaning) {
    made_.scalars.push_back({.form = form,
                             .document = static_cast<std::uint32_t>(made_.documents.size() - 1),
                             .path = std::move(path),
                             .begin = begin,
                             .end = end,
                             .meaning = std::move(meaning)});
  }

  /// A scalar of one line; `flow` forbids some.
  void scalar(const std::string& path, std::shared_ptr<Meaning>& meaning, bool flow) {
    if (!flow && chance(6) && !anchors_.empty()) {
      return alias(path, meaning);
    }
    std::string anchor;
    if (chance(8)) {
      anchor = "a" + std::to_string(made_.scalars.size());
      out() += '&' + anchor + ' ';
    }
    Spelling chosen;
    const auto kind = pick(10);
    if (kind < 4) {
      chosen = one_of(plain);
    } else if (kind < 5) {
      chosen = flow || !anchor.empty() ? one_of(plain) : one_of(plain_in_block);
    } else if (kind < 7) {
      chosen = one_of(quoted);
    } else if (kind < 9) {
      chosen = one_of(double_quoted);
    } else {
      chosen = one_of(tagged);
    }
    const auto begin = out().size();
    out() += chosen.text;
    const auto tag = chosen.text.starts_with('!') ? chosen.text.find(' ') + 1 : 0;
    meaning->json = chosen.json;
    if (chosen.text.empty()) {
      // The content of an empty value begins behind the colon or dash, before the blank.
      note(WrittenScalar::Form::one_line, path, begin - 1, begin - 1, meaning);
    } else {
      note(WrittenScalar::Form::one_line, path, begin + tag, out().size(), meaning);
    }
    if (!anchor.empty() && !chosen.text.empty() && chosen.json != "\"\"") {
      anchors_.emplace_back(anchor, made_.scalars.size() - 1);
    }
  }

  void alias(const std::string& path, std::shared_ptr<Meaning>& meaning) {
    const auto& [name, target] = anchors_[pick(anchors_.size())];
    const auto begin = out().size();
    out() += '*' + name;
    meaning = made_.scalars[target].meaning;
    made_.scalars[target].shared = true;
    note(WrittenScalar::Form::alias, path, begin, out().size(), meaning);
  }

  void block_scalar(std::size_t indent,
                    const std::string& path,
                    Meaning& meaning,
                    const std::shared_ptr<Meaning>& shared) {
    const bool folded = chance(30);
    const auto begin = out().size();
    constexpr std::array<std::string_view, 3> chomping{"", "-", "+"};
    const auto chomp = pick(3);
    out() += (folded ? ">" : "|") + std::string(chomping[chomp]) + eol_;
    const auto lines = 1 + pick(3);
    std::string value;
    for (std::size_t i = 0; i < lines; ++i) {
      const std::string line = "tag: v" + std::to_string(pick(9)) + " # \"";
      out() += std::string(indent + 2, ' ') + line + eol_;
      value += (i == 0 ? "" : folded ? " " : "\n") + line;
    }
    value += chomp == 1 ? "" : "\n";
    text::append_json_string(value, meaning.json);
    after_block_ = true;
    note(WrittenScalar::Form::block, path, begin, out().size(), shared);
  }

  void flow(const std::string& path, Meaning& meaning, std::size_t depth) {
    const bool is_map = chance(60);
    meaning.kind = is_map ? Meaning::Kind::mapping : Meaning::Kind::list;
    out() += is_map ? "{" : "[";
    const auto count = pick(4);
    for (std::size_t i = 0; i < count; ++i) {
      out() += i == 0 ? (chance(30) ? " " : "") : (chance(80) ? ", " : " , ");
      auto below = std::make_shared<Meaning>();
      auto next = path + '/' + std::to_string(i);
      if (is_map) {
        const auto& key = one_of(keys);
        const auto number = std::to_string(i);
        const bool has_quotes = key.text.front() == '"' || key.text.front() == '\'';
        const auto name = has_quotes ? std::string(key.json) : std::string(key.json) + number;
        if (std::ranges::any_of(meaning.members, [&](const auto& m) { return m.first == name; })) {
          out() += "z" + number + ": 1";
          below->json = "1";
          meaning.members.emplace_back("z" + number, below);
          continue;
        }
        out() += has_quotes ? std::string(key.text) : std::string(key.text) + number;
        out() += ": ";
        next = path + '/' + pointer_word(name);
        value_in_flow(next, below, depth);
        meaning.members.emplace_back(name, below);
      } else {
        value_in_flow(next, below, depth);
        meaning.items.push_back(below);
      }
    }
    out() += chance(20) ? " " : "";
    out() += is_map ? "}" : "]";
  }

  void value_in_flow(const std::string& path, std::shared_ptr<Meaning>& below, std::size_t depth) {
    if (depth < 4 && chance(15)) {
      flow(path, *below, depth + 1);
    } else {
      scalar(path, below, true);
    }
  }

  /// What follows "key:" or "-", with its line end.
  void value(std::size_t indent,
             const std::string& path,
             std::shared_ptr<Meaning>& below,
             std::size_t depth) {
    const auto kind = pick(10);
    if (depth < 4 && kind < 2) {
      out() += chance(20) ? " # below" + eol_ : eol_;
      return mapping(indent + 1 + pick(4), path, *below, depth + 1);
    }
    if (depth < 4 && kind < 3) {
      out() += eol_;
      return list(indent + 1 + pick(3), path, *below, depth + 1);
    }
    out() += " ";
    if (kind < 4) {
      flow(path, *below, depth + 1);
    } else if (kind < 5 && chance(60)) {
      return block_scalar(indent, path, *below, below);
    } else {
      scalar(path, below, false);
    }
    end_line();
  }

  void mapping(std::size_t indent, const std::string& path, Meaning& meaning, std::size_t depth) {
    meaning.kind = Meaning::Kind::mapping;
    const auto count = 1 + pick(5);
    for (std::size_t i = 0; i < count; ++i) {
      comment_lines(indent);
      const auto& key = one_of(keys);
      const auto number = std::to_string(i);
      const bool has_quotes = key.text.front() == '"' || key.text.front() == '\'';
      auto text = std::string(key.text);
      auto name = std::string(key.json);
      if (!has_quotes ||
          std::ranges::any_of(meaning.members, [&](const auto& m) { return m.first == name; })) {
        text = "k" + number;
        name = text;
      }
      out() += std::string(indent, ' ') + text + ':';
      auto below = std::make_shared<Meaning>();
      value(indent, path + '/' + pointer_word(name), below, depth);
      meaning.members.emplace_back(name, below);
    }
  }

  void list(std::size_t indent, const std::string& path, Meaning& meaning, std::size_t depth) {
    meaning.kind = Meaning::Kind::list;
    const auto count = 1 + pick(4);
    for (std::size_t i = 0; i < count; ++i) {
      comment_lines(indent);
      out() += std::string(indent, ' ') + '-';
      auto below = std::make_shared<Meaning>();
      value(indent, path + '/' + std::to_string(i), below, depth);
      meaning.items.push_back(below);
    }
  }

  std::mt19937_64 random_;
  std::string eol_;
  bool after_block_ = false;
  RandomYaml made_;
  std::vector<std::pair<std::string, std::size_t>> anchors_;  ///< name, index of the scalar
};

}  // namespace

void Meaning::append_json(std::string& out) const {
  if (kind == Kind::scalar) {
    out += json;
    return;
  }
  if (kind == Kind::list) {
    out += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      out += i == 0 ? "" : ",";
      items[i]->append_json(out);
    }
    out += ']';
    return;
  }
  auto sorted = members;
  std::ranges::sort(sorted, {}, [](const auto& member) { return member.first; });
  out += '{';
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    out += i == 0 ? "" : ",";
    text::append_json_string(sorted[i].first, out);
    out += ':';
    sorted[i].second->append_json(out);
  }
  out += '}';
}

RandomYaml make_random_yaml(std::uint64_t seed) {
  return Maker(seed).run();
}

}  // namespace sluice::test
