// SPDX-License-Identifier: Apache-2.0
#include "helm/confirm.hpp"

#include "base/text.hpp"
#include "helm/write_values.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace sluice::helm {
namespace {

/// A shorter word stands in many a line by chance.
constexpr std::size_t telling_size = 3;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

/// Runs of letters, digits, "_" and "-".
template <class Take>
void for_each_word(std::string_view text, Take take) {
  for (std::size_t at = 0; at < text.size();) {
    const auto* const begin = std::find_if(text.begin() + at, text.end(), is_word);
    const auto* const end = std::find_if_not(begin, text.end(), is_word);
    if (begin != end) {
      take(std::string_view(begin, end));
    }
    at = static_cast<std::size_t>(end - text.begin());
  }
}

/// The words of the lines that only one of two renders has.
class ChangedWords {
 public:
  ChangedWords(std::string_view before, std::string_view after) {
    std::unordered_map<std::string_view, int> balance;
    for (const auto line : text::split(before, '\n')) {
      ++balance[line];
    }
    for (const auto line : text::split(after, '\n')) {
      --balance[line];
    }
    for (const auto& [line, count] : balance) {
      if (count != 0) {
        for_each_word(line, [&](auto word) { words_.insert(word); });
      }
    }
  }

  /// Whether the value, something in it, or its name is among them.
  [[nodiscard]] bool show(const Suspect& suspect) const {
    std::vector<const yaml::Node*> open = {suspect.key, suspect.value};
    while (!open.empty()) {
      const auto* node = open.back();
      open.pop_back();
      if (node->is_scalar() && hold(node->text)) {
        return true;
      }
      for (const auto& child : suspect.document->children(*node)) {
        open.push_back(&child);
      }
    }
    return false;
  }

 private:
  [[nodiscard]] bool hold(std::string_view text) const {
    bool all = true;
    bool telling = false;
    for_each_word(text, [&](auto word) {
      all = all && words_.contains(word);
      telling = telling || word.size() >= telling_size;
    });
    return all && telling;
  }

  std::unordered_set<std::string_view> words_;
};

/// What no changed line shows: whole suspects, and of the others the members that are not seen.
void take_unseen(const ChangedWords& changed, const Suspect& suspect, std::vector<Suspect>& out) {
  if (!changed.show(suspect)) {
    out.push_back(suspect);
    return;
  }
  for (const auto& member : members(suspect)) {
    take_unseen(changed, member, out);
  }
}

/// Looks for texts that somebody wrote in what was rendered, up to a bound.
class Printed {
 public:
  explicit Printed(const std::string& rendered)
      : rendered_(rendered), looks_(most_bytes / (rendered.size() + 1)) {}

  /// Whether one below the suspect stands there.
  [[nodiscard]] bool hold(const Suspect& suspect) {
    std::vector<const yaml::Node*> open = {suspect.value};
    while (!open.empty() && looks_ > 0) {
      const auto* node = open.back();
      open.pop_back();
      if (node->kind == yaml::Kind::string && node->text.size() >= shortest && looks_-- > 0 &&
          rendered_.find(node->text) != std::string::npos) {
        return true;
      }
      for (const auto& child : suspect.document->children(*node)) {
        open.push_back(&child);
      }
    }
    return false;
  }

 private:
  static constexpr std::size_t most_bytes = std::size_t{256} << 20U;
  static constexpr std::size_t shortest = 4;  ///< bytes: others stand anywhere

  const std::string& rendered_;
  std::size_t looks_;
};

/// What is asked about when there is one render only: a suspect that is alive would spoil it for
/// the others, and what a template prints without naming it (by a computed key) is.
std::vector<Suspect> only_question(const std::vector<Suspect>& suspects,
                                   const std::string& base,
                                   const std::function<bool(const Suspect&)>& is_likely) {
  Printed printed(base);
  std::vector<Suspect> asked;
  std::ranges::copy_if(suspects, std::back_inserter(asked), [&](const auto& suspect) {
    return is_likely(suspect) || !printed.hold(suspect);
  });
  return asked.empty() ? suspects : asked;
}

/// What a second render is asked about; nothing when it could not tell more than the first.
/// Whatever looks like a mistake by itself is asked about although its words stand in changed
/// lines: "true" stands in many.
std::vector<Suspect> second_question(const std::vector<Suspect>& suspects,
                                     const ChangedWords& changed,
                                     const std::function<bool(const Suspect&)>& is_likely) {
  std::vector<Suspect> likely;
  std::vector<Suspect> unseen;
  std::vector<Suspect> both;
  for (const auto& suspect : suspects) {
    std::vector<Suspect> quiet;
    take_unseen(changed, suspect, quiet);
    unseen.insert(unseen.end(), quiet.begin(), quiet.end());
    if (is_likely(suspect)) {
      likely.push_back(suspect);
      quiet = {suspect};
    }
    both.insert(both.end(), quiet.begin(), quiet.end());
  }
  const auto is_part = [&](const std::vector<Suspect>& some) {
    return !some.empty() && !std::ranges::equal(some, suspects, {}, &Suspect::key, &Suspect::key);
  };
  for (auto* some : {&both, &likely, &unseen}) {
    if (is_part(*some)) {
      return std::move(*some);
    }
  }
  return {suspects.begin(), suspects.begin() + static_cast<std::ptrdiff_t>(suspects.size() / 2)};
}

Result<std::string> render_without(const std::vector<Suspect>& suspects,
                                   const ConfirmingRenders& renders) {
  std::map<std::size_t, std::set<const yaml::Node*>> keys;
  std::map<std::size_t, const yaml::Document*> documents;
  for (const auto& suspect : suspects) {
    keys[suspect.layer].insert(suspect.key);
    documents[suspect.layer] = suspect.document;
  }
  std::map<std::size_t, std::string> texts;
  for (const auto& [layer, nodes] : keys) {
    texts[layer] = write_values_without(*documents[layer], nodes);
  }
  return renders.without(texts);
}

/// Of the suspects, what was not taken out.
std::vector<Suspect> others(const std::vector<Suspect>& suspects,
                            const std::vector<Suspect>& dead) {
  std::set<const yaml::Node*> keys;
  for (const auto& suspect : dead) {
    keys.insert(suspect.key);
  }
  std::vector<Suspect> open;
  std::ranges::copy_if(suspects, std::back_inserter(open),
                       [&](const auto& suspect) { return !keys.contains(suspect.key); });
  return open;
}

Confirmed confirm_once(const std::vector<Suspect>& suspects,
                       const std::string& base,
                       const ConfirmingRenders& renders,
                       const std::function<bool(const Suspect&)>& is_likely) {
  const auto asked = only_question(suspects, base, is_likely);
  const auto out = render_without(asked, renders);
  return out && *out == base ? Confirmed{.dead = asked, .undecided = others(suspects, asked)}
                             : Confirmed{.undecided = suspects};
}

}  // namespace

std::vector<Suspect> members(const Suspect& suspect) {
  std::vector<Suspect> found;
  if (suspect.value->kind == yaml::Kind::mapping) {
    const auto pairs = suspect.document->children(*suspect.value);
    for (std::size_t i = 0; i < pairs.size(); i += 2) {
      auto path = suspect.path;
      path.emplace_back(pairs[i].text);
      found.push_back({suspect.layer, suspect.document, std::move(path), &pairs[i], &pairs[i + 1]});
    }
  }
  return found;
}

Confirmed confirm(const std::vector<Suspect>& suspects,
                  const std::string& base,
                  const ConfirmingRenders& renders,
                  const std::function<bool(const Suspect&)>& is_likely) {
  if (renders.most < 2) {
    return renders.most == 0 ? Confirmed{.undecided = suspects}
                             : confirm_once(suspects, base, renders, is_likely);
  }
  const auto first = render_without(suspects, renders);
  if (first && *first == base) {
    return {.dead = suspects};
  }
  const ChangedWords changed(base, first ? std::string_view(*first) : std::string_view());
  const bool one_alive = suspects.size() == 1 && first && changed.show(suspects.front()) &&
                         members(suspects.front()).size() < 2;
  if (one_alive) {
    return {};
  }
  const auto rest = second_question(suspects, changed, is_likely);
  const auto second = render_without(rest, renders);
  const bool same = second && *second == base;
  if (rest.empty()) {
    return {.unstable = !same};
  }
  if (!same) {
    return {.undecided = suspects};
  }
  auto open = others(suspects, rest);
  if (open.size() == 1) {  // with the others it had an effect, and they have none
    open.clear();
  }
  return {.dead = rest, .undecided = std::move(open)};
}

}  // namespace sluice::helm
