// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/pattern.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace sluice::policy {

namespace {

/// How one place ended. A skip is `plain` where an anchor itself gave it and `wrapped` once a
/// mapping or list has passed it on; Kyverno treats the two differently among sibling anchors.
enum class Step : std::uint8_t { match, fail, negated, broken, plain_skip, wrapped_skip };

bool is_skip(Step step) {
  return step == Step::plain_skip || step == Step::wrapped_skip;
}

enum class Reason : std::uint8_t {
  none,
  no_mapping,
  no_list,
  value,
  empty_pattern,
  missing,
  not_allowed,
  no_element_fits,
  existence_pattern,
  too_short,
  condition_absent,
};

class Matcher {
 public:
  Matcher(Arena& arena, const CompiledPattern& pattern)
      : seen_(arena.array<Seen>(pattern.anchor_ids)) {}

  Step element(const Value& resource, const Pattern& pattern) {
    switch (pattern.kind) {
      case Pattern::Kind::mapping:
        if (!resource.is(Type::object)) {
          return failed(Reason::no_mapping, resource, &pattern);
        }
        note_anchors(resource, pattern);
        return mapping(resource, pattern);
      case Pattern::Kind::list:
        return resource.is(Type::array) ? list(resource, pattern)
                                        : failed(Reason::no_list, resource, &pattern);
      default:
        return scalar(resource, pattern);
    }
  }

  /// Whether an anchor of the pattern, (k) or ^(k), stood at no place the evaluation came to.
  [[nodiscard]] bool anchor_keys_missing() const {
    return std::find(seen_.begin(), seen_.end(), Seen::missing) != seen_.end();
  }

  void explain(Step step, Mismatch& why) const;

 private:
  enum class Seen : std::uint8_t { no, missing, present };

  struct Segment {
    std::string_view key;
    std::size_t index = 0;
    bool is_index = false;
    bool exists = true;
    Value parent;
  };

  Step failed(Reason reason, const Value& value, const Pattern* wanted, Step step = Step::fail) {
    reason_ = reason;
    value_ = value;
    wanted_ = wanted;
    failed_trail_ = trail_;
    return step;
  }

  /// The last step of the failure is a key that is written without a value ("owner:").
  [[nodiscard]] bool ends_in_null_key() const {
    if (failed_trail_.empty() || failed_trail_.back().is_index) {
      return false;
    }
    const auto value = failed_trail_.back().parent.find(failed_trail_.back().key);
    return value && value->is_null();
  }

  void note_anchors(const Value& resource, const Pattern& pattern) {
    for (const auto& entry : pattern.anchors) {
      if ((entry.anchor == Anchor::condition || entry.anchor == Anchor::existence) &&
          seen_[entry.id] != Seen::present) {
        seen_[entry.id] = resource.find(entry.key) ? Seen::present : Seen::missing;
      }
    }
  }

  Step scalar(const Value& resource, const Pattern& pattern) {
    if (!resource.is(Type::array)) {
      return matches_scalar(resource, pattern) ? Step::match
                                               : failed(Reason::value, resource, &pattern);
    }
    for (std::size_t i = 0; i < resource.size(); ++i) {
      if (!matches_scalar(resource.at(i), pattern)) {
        return failed(Reason::value, resource.at(i).node() == nullptr ? resource : resource.at(i),
                      &pattern);
      }
    }
    return Step::match;
  }

  Step mapping(const Value& resource, const Pattern& pattern) {
    std::size_t applied = 0;
    std::size_t skips = 0;
    bool plain_skip = false;
    for (const auto& entry : pattern.anchors) {
      const Step step = anchored(resource, entry);
      if (step == Step::match) {
        ++applied;
      } else if (is_skip(step)) {
        ++skips;
        plain_skip = plain_skip || step == Step::plain_skip;
      } else if (!plain_skip) {
        return step;
      }
    }
    if (skips > 0 && (applied == 0 || plain_skip)) {
      return Step::wrapped_skip;
    }
    for (const auto& entry : pattern.fields) {
      const Step step =
          entry.anchor == Anchor::global ? anchored(resource, entry) : field(resource, entry);
      if (step != Step::match) {
        return step;
      }
    }
    return Step::match;
  }

  /// The key that `entry` stands for in this object: wildcards in keys of labels and annotations
  /// are looked up.
  static std::string_view actual_key(const Value& resource, const PatternEntry& entry) {
    if (!entry.wildcard_key || entry.pattern->kind != Pattern::Kind::text) {
      return entry.key;
    }
    std::string_view found;
    for (std::size_t i = 0; i < resource.size(); ++i) {
      const auto key = resource.key_at(i);
      if (resource.member_at(i).is(Type::string) && text::wildcard_match(entry.key, key) &&
          (found.empty() || key < found)) {
        found = key;
      }
    }
    return found.empty() ? entry.key : found;
  }

  Step field(const Value& resource, const PatternEntry& entry) {
    const auto key = actual_key(resource, entry);
    const auto value = resource.find(key);
    if (entry.pattern->any_value) {
      if (value && !value->is_null()) {
        return Step::match;
      }
      const Step step = failed(Reason::missing, resource, entry.pattern);
      missing_key_ = key;
      return step;
    }
    trail_.push_back({.key = key, .exists = value.has_value(), .parent = resource});
    const Step step = element(value.value_or(Value()), *entry.pattern);
    trail_.pop_back();
    return step;
  }

  Step anchored(const Value& resource, const PatternEntry& entry) {
    const auto key = actual_key(resource, entry);
    const auto value = resource.find(key);
    if (!value) {
      return entry.anchor == Anchor::condition
                 ? failed(Reason::condition_absent, resource, entry.pattern, Step::plain_skip)
                 : Step::match;
    }
    trail_.push_back({.key = key, .parent = resource});
    Step step = Step::match;
    switch (entry.anchor) {
      case Anchor::negation:
        step = failed(Reason::not_allowed, *value, entry.pattern, Step::negated);
        break;
      case Anchor::existence:
        step = existence(*value, *entry.pattern);
        break;
      case Anchor::equality:
        step = element(*value, *entry.pattern);
        break;
      default:
        step = element(*value, *entry.pattern) == Step::match ? Step::match : Step::plain_skip;
        break;
    }
    trail_.pop_back();
    return step;
  }

  Step existence(const Value& list, const Pattern& pattern) {
    if (!list.is(Type::array)) {
      return failed(Reason::no_list, list, &pattern);
    }
    if (pattern.kind != Pattern::Kind::list) {
      return failed(Reason::existence_pattern, list, &pattern);
    }
    for (const auto* wanted : pattern.elements) {
      if (wanted->kind != Pattern::Kind::mapping) {
        return failed(Reason::existence_pattern, list, &pattern);
      }
      bool found = false;
      for (std::size_t i = 0; i < list.size() && !found; ++i) {
        trail_.push_back({.index = i, .is_index = true, .parent = list});
        found = element(list.at(i), *wanted) == Step::match;
        trail_.pop_back();
      }
      if (!found) {
        return failed(Reason::no_element_fits, list, wanted);
      }
    }
    return Step::match;
  }

  Step list(const Value& resource, const Pattern& pattern) {
    if (pattern.elements.empty()) {
      return failed(Reason::empty_pattern, resource, &pattern);
    }
    // Of a list of mappings or scalars only the first element counts, for every element of the
    // object.
    const Pattern& first = *pattern.elements.front();
    if (first.kind != Pattern::Kind::list && first.kind != Pattern::Kind::mapping) {
      return scalar(resource, first);
    }
    const bool positional = first.kind == Pattern::Kind::list;
    if (positional && resource.size() < pattern.elements.size()) {
      return failed(Reason::too_short, resource, &pattern, Step::broken);
    }
    std::size_t applied = 0;
    std::size_t skips = 0;
    for (std::size_t i = 0; i < (positional ? pattern.elements.size() : resource.size()); ++i) {
      trail_.push_back({.index = i, .is_index = true, .parent = resource});
      const Step step = element(resource.at(i), positional ? *pattern.elements[i] : first);
      trail_.pop_back();
      if (is_skip(step)) {
        ++skips;
      } else if (step != Step::match) {
        return step;
      } else {
        ++applied;
      }
    }
    return applied == 0 && skips > 0 ? Step::wrapped_skip : Step::match;
  }

  std::span<Seen> seen_;
  std::vector<Segment> trail_;
  std::vector<Segment> failed_trail_;
  Reason reason_ = Reason::none;
  Value value_;
  const Pattern* wanted_ = nullptr;
  std::string_view missing_key_;
};

void append_pointer(std::string_view key, std::string& out) {
  out += '/';
  for (const char c : key) {
    if (c == '~' || c == '/') {
      out += c == '~' ? "~0" : "~1";
    } else {
      out += c;
    }
  }
}

void Matcher::explain(Step step, Mismatch& why) const {
  why.path = "/";
  why.pointer.clear();
  why.at = value_;
  why.wanted = wanted_;
  why.missing_key = reason_ == Reason::missing ? missing_key_ : std::string_view();
  bool exists = true;
  for (const auto& segment : failed_trail_) {
    const std::string word =
        segment.is_index ? std::to_string(segment.index) : std::string(segment.key);
    why.path += word + '/';
    append_pointer(word, why.pointer);
    if (exists && !segment.exists) {
      exists = false;
      why.at = segment.parent;
      why.missing_key = segment.key;
    }
  }
  if (reason_ == Reason::missing) {
    append_pointer(missing_key_, why.pointer);
  }
  // Kubernetes drops a key without a value, so that to a policy it is not there.
  if (reason_ == Reason::value && why.missing_key.empty() && ends_in_null_key()) {
    why.missing_key = failed_trail_.back().key;
  }
  switch (reason_) {
    case Reason::no_mapping:
      why.reason = "a mapping is wanted, not " + std::string(jmespath::name(value_.type()));
      break;
    case Reason::no_list:
      why.reason = "a list is wanted, not " + std::string(jmespath::name(value_.type()));
      break;
    case Reason::value:
      why.reason = value_.is_null() ? "an element is null, which does not fit"
                                    : "the value '" + go_text(value_) + "' does not fit";
      break;
    case Reason::empty_pattern:
      why.reason = "the pattern's list is empty, which nothing fits";
      break;
    case Reason::missing:
      why.reason = std::string(missing_key_) + " is missing";
      break;
    case Reason::not_allowed:
      why.reason = "it must not be there";
      why.anchor = Anchor::negation;
      break;
    case Reason::no_element_fits:
      why.reason = "no element of the list fits";
      why.anchor = Anchor::existence;
      break;
    case Reason::existence_pattern:
      why.reason = "the pattern below ^() must be a list of mappings";
      break;
    case Reason::too_short:
      why.reason = "the list is shorter than the pattern's";
      break;
    case Reason::condition_absent:
      why.reason = "the key of a condition is absent";
      break;
    case Reason::none:
      break;
  }
  if (!why.missing_key.empty()) {
    why.reason = std::string(why.missing_key) + " is missing";
  }
  if (step == Step::broken) {
    why.path.clear();
  }
}

}  // namespace

Verdict match_pattern(Arena& arena,
                      const CompiledPattern& pattern,
                      const Value& resource,
                      Mismatch& why) {
  Matcher matcher(arena, pattern);
  const Step step = matcher.element(resource, *pattern.root);
  if (step == Step::match) {
    return Verdict::match;
  }
  matcher.explain(step, why);
  if (is_skip(step)) {
    return Verdict::skip;
  }
  // An error when it cannot be said where: and, as Kyverno has it, when a condition's key was
  // nowhere to be found.
  if (step != Step::negated && (matcher.anchor_keys_missing() || why.path.empty())) {
    why.path.clear();
    return Verdict::error;
  }
  return Verdict::fail;
}

}  // namespace sluice::policy
