// SPDX-License-Identifier: Apache-2.0
#include "model/judge.hpp"

#include "base/text.hpp"
#include "model/compare.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace sluice::model {
namespace {

/// `a` is at least as good as `b`, for a metric of that direction.
bool as_good(Direction direction, double a, double b) {
  return direction == Direction::higher ? at_least(a, b) : at_least(b, a);
}

/// The lines of one check, in the order of the policy's keys.
class Judge {
 public:
  Judge(const Check& check, const Case& what, std::vector<Line>& lines)
      : check_(check), what_(what), lines_(lines) {}

  void run() {
    const auto value = metric(what_.candidate, check_.metric, check_.required);
    if (!value || !is_valid(what_.candidate, *value) || !has_samples(what_.candidate)) {
      return;
    }
    limit(*value);
    if (check_.has_regression() || check_.has_improve()) {
      versus(*value);
    }
    for (const Slice& slice : check_.slices) {
      judge_slice(slice);
    }
  }

 private:
  Line& add(std::string question, Verdict outcome, std::string says, std::string code = {}) {
    lines_.push_back({.metric = check_.metric,
                      .slice = slice_,
                      .question = std::move(question),
                      .outcome = outcome,
                      .says = std::move(says),
                      .code = std::move(code)});
    return lines_.back();
  }
  void none(std::string question, std::string says) {
    add(std::move(question), Verdict::none, std::move(says));
  }
  void skip(std::string question, std::string says) {
    add(std::move(question), Verdict::promote, std::move(says)).skipped = true;
  }

  /// The value of a metric; without one a line says so.
  std::optional<double> metric(const Subject& subject, const std::string& key, bool required) {
    if (const auto found = subject.metrics.find(key); found != subject.metrics.end()) {
      return found->second;
    }
    const auto unfit = subject.unfit.find(key);
    const std::string says =
        text::printable(subject.source) +
        (unfit == subject.unfit.end() ? " has no metric " + text::quoted(key, 80)
                                      : ": metric " + text::quoted(key, 80) + ' ' + unfit->second);
    if (required || unfit != subject.unfit.end()) {
      none("metric", says);
    } else {
      skip("metric", says + ", and it is not required");
    }
    return std::nullopt;
  }

  bool is_valid(const Subject& subject, double value) {
    const bool is_proportion = check_.confidence.method == Method::wilson;
    const auto low = is_proportion ? std::max(0.0, check_.valid_low.value_or(0)) : check_.valid_low;
    const auto high =
        is_proportion ? std::min(1.0, check_.valid_high.value_or(1)) : check_.valid_high;
    if ((low && !at_least(value, *low)) || (high && !at_least(*high, value))) {
      none("valid", text::printable(subject.source) + ": " + text::printable(check_.metric) + ' ' +
                        shown(value) + " is outside " + (low ? shown(*low) : "-inf") + ".." +
                        (high ? shown(*high) : "inf") + ", so it is no such metric");
      return false;
    }
    return true;
  }

  bool has_samples(const Subject& subject) {
    if (check_.samples.empty()) {
      return true;
    }
    const auto n = metric(subject, check_.samples, true);
    if (!n) {
      return false;
    }
    if (*n < 1 || *n != std::floor(*n) || *n > 1e15) {
      none("samples",
           text::printable(check_.samples) + ' ' + shown(*n) + " is no number of samples");
      return false;
    }
    if (!at_least(*n, check_.min_samples)) {
      none("samples", "only " + shown(*n) + " samples, and " + shown(check_.min_samples) +
                          " are needed to judge " + text::printable(check_.metric));
      return false;
    }
    return true;
  }

  void limit(double value) {
    if (!check_.min && !check_.max) {
      return;
    }
    std::string wanted = check_.min ? "at least " + shown(*check_.min) : "";
    wanted += check_.min && check_.max ? ", " : "";
    wanted += check_.max ? "at most " + shown(*check_.max) : "";
    const auto fits = [&](double low, double high) {
      return (!check_.min || at_least(low, *check_.min)) &&
             (!check_.max || at_least(*check_.max, high));
    };
    const std::string is =
        text::printable(check_.metric) + " is " + shown(value) + ", wanted " + wanted;
    if (!fits(value, value)) {
      number(add("limit", Verdict::reject, is, "model/outside-limit"), value);
      return;
    }
    if (check_.confidence.method == Method::none) {
      number(add("limit", Verdict::promote, is), value);
      return;
    }
    std::string why;
    const auto found = estimate(check_, what_.candidate, why);
    if (!found) {
      return none("limit", is + ": " + why);
    }
    const auto [low, high] = found->interval;
    const bool proven = fits(low, high);
    number(add("limit", proven ? Verdict::promote : Verdict::hold,
               is + "; " + between(*found) + (proven ? "" : ", which is not within the limit"),
               proven ? "" : "model/not-proven"),
           value, &*found);
  }

  void versus(double value) {
    if (!what_.champion) {
      if (what_.floor_only) {
        return skip("champion", "no champion: " + text::printable(check_.metric) +
                                    " is held to its limits alone (allow-floor-only)");
      }
      return none("champion",
                  "there is no champion to compare " + text::printable(check_.metric) + " with");
    }
    const auto theirs = metric(*what_.champion, check_.metric, true);
    if (!theirs || !is_valid(*what_.champion, *theirs) || !has_samples(*what_.champion)) {
      return;
    }
    if (check_.has_regression()) {
      regression(value, *theirs);
    }
    if (check_.has_improve()) {
      improvement(value, *theirs);
    }
  }

  void regression(double value, double theirs) {
    double margin = check_.max_drop.value_or(INFINITY);
    if (check_.max_drop_rel) {
      margin = std::min(margin, *check_.max_drop_rel * std::abs(theirs));
    }
    const double sign = check_.direction == Direction::higher ? 1 : -1;
    const std::string is = versus_text(value, theirs) + ", may be worse by " + shown(margin);
    if (!as_good(check_.direction, value, theirs - sign * margin)) {
      Line& line = add("regression", Verdict::reject, is, "model/regression");
      return number(line, value, nullptr, theirs, margin);
    }
    if (check_.confidence.method == Method::none) {
      return number(add("regression", Verdict::promote, is), value, nullptr, theirs, margin);
    }
    std::string why;
    const auto gain = estimate_gain(check_, what_.candidate, *what_.champion, why);
    if (!gain) {
      return none("regression", is + ": " + why);
    }
    const bool proven = at_least(gain->interval.low, -margin);
    number(add("regression", proven ? Verdict::promote : Verdict::hold,
               is + "; change " + between(*gain) +
                   (proven ? "" : ", so a larger loss is not ruled out"),
               proven ? "" : "model/not-proven"),
           value, &*gain, theirs, margin);
  }

  void improvement(double value, double theirs) {
    const double wanted =
        std::max(check_.improve_min.value_or(0), check_.improve_rel.value_or(0) * std::abs(theirs));
    const double sign = check_.direction == Direction::higher ? 1 : -1;
    const std::string is =
        versus_text(value, theirs) +
        (wanted > 0 ? ", must be better by " + shown(wanted) : ", must be better");
    const bool better = !as_good(check_.direction, theirs, value);
    if (!better || !as_good(check_.direction, value, theirs + sign * wanted)) {
      Line& line = add("improvement", Verdict::hold, is, "model/no-gain");
      return number(line, value, nullptr, theirs, wanted);
    }
    if (check_.confidence.method == Method::none) {
      return number(add("improvement", Verdict::promote, is), value, nullptr, theirs, wanted);
    }
    prove_gain(value, theirs, wanted, is);
  }

  /// By exact McNemar where the metric is a share of samples got right, else by the interval.
  void prove_gain(double value, double theirs, double wanted, const std::string& is) {
    const auto paired = check_.confidence.method == Method::wilson
                            ? wins(check_.metric, what_.candidate, *what_.champion)
                            : std::nullopt;
    if (paired) {
      const double p = mcnemar_exact(paired->won, paired->lost);
      const bool proven = p <= 1 - check_.confidence.level;
      Line& line = add("improvement", proven ? Verdict::promote : Verdict::hold,
                       is + "; won " + std::to_string(paired->won) + ", lost " +
                           std::to_string(paired->lost) + ", McNemar p = " + shown(p) +
                           (proven ? "" : ", which may be noise"),
                       proven ? "" : "model/not-proven");
      line.numbers["p"] = p;
      line.numbers["won"] = static_cast<double>(paired->won);
      line.numbers["lost"] = static_cast<double>(paired->lost);
      return number(line, value, nullptr, theirs, wanted);
    }
    std::string why;
    const auto gain = estimate_gain(check_, what_.candidate, *what_.champion, why);
    if (!gain) {
      return none("improvement", is + ": " + why);
    }
    const bool proven = gain->interval.low > 0;
    number(add("improvement", proven ? Verdict::promote : Verdict::hold,
               is + "; change " + between(*gain) + (proven ? "" : ", which may be noise"),
               proven ? "" : "model/not-proven"),
           value, &*gain, theirs, wanted);
  }

  void judge_slice(const Slice& slice);
  void slice_values(const Slice& slice, double value);
  void consequence(Consequence kind, const std::string& says, const std::string& code);

  std::string versus_text(double value, double theirs) const {
    return text::printable(check_.metric) + " is " + shown(value) + ", the champion's " +
           shown(theirs);
  }
  static std::string between(const Estimate& found) {
    return "between " + shown(found.interval.low) + " and " + shown(found.interval.high) + " (" +
           found.method + ')';
  }
  static void number(Line& line,
                     double value,
                     const Estimate* found = nullptr,
                     std::optional<double> champion = {},
                     std::optional<double> margin = {}) {
    line.numbers["value"] = value;
    if (found != nullptr) {
      line.numbers["low"] = found->interval.low;
      line.numbers["high"] = found->interval.high;
    }
    if (champion) {
      line.numbers["champion"] = *champion;
    }
    if (margin) {
      line.numbers["margin"] = *margin;
    }
  }

  const Check& check_;
  const Case& what_;
  std::vector<Line>& lines_;
  std::string slice_;
};

void Judge::consequence(Consequence kind, const std::string& says, const std::string& code) {
  if (kind == Consequence::skip) {
    return skip("slice", says + " (skipped by the policy)");
  }
  add("slice", kind == Consequence::hold ? Verdict::hold : Verdict::reject, says, code);
}

void Judge::slice_values(const Slice& slice, double value) {
  const std::string is = text::printable(slice.metric) + " is " + shown(value);
  if (slice.min || slice.max) {
    const bool fits =
        (!slice.min || at_least(value, *slice.min)) && (!slice.max || at_least(*slice.max, value));
    number(add("limit", fits ? Verdict::promote : Verdict::reject,
               is + (slice.min ? ", wanted at least " + shown(*slice.min) : "") +
                   (slice.max ? ", wanted at most " + shown(*slice.max) : ""),
               fits ? "" : "model/outside-limit"),
           value);
  }
  if (!slice.max_drop) {
    return;
  }
  if (!what_.champion) {
    return what_.floor_only ? skip("champion", "no champion: the slice is held to its limits alone")
                            : none("champion", "there is no champion to compare the slice with");
  }
  const auto theirs = metric(*what_.champion, slice.metric, true);
  if (!theirs) {
    return;
  }
  const double sign = check_.direction == Direction::higher ? 1 : -1;
  const bool fits = as_good(check_.direction, value, *theirs - sign * *slice.max_drop);
  number(
      add("regression", fits ? Verdict::promote : Verdict::reject,
          is + ", the champion's " + shown(*theirs) + ", may be worse by " + shown(*slice.max_drop),
          fits ? "" : "model/regression"),
      value, nullptr, theirs, slice.max_drop);
}

void Judge::judge_slice(const Slice& slice) {
  slice_ = slice.name;
  const auto& metrics = what_.candidate.metrics;
  const auto value = metrics.find(slice.metric);
  const auto n = metrics.find(slice.samples);
  if (what_.candidate.unfit.contains(slice.metric)) {
    (void)metric(what_.candidate, slice.metric, true);
  } else if (value == metrics.end()) {
    consequence(slice.on_missing,
                "there is no metric " + text::quoted(slice.metric, 80) + " for the slice",
                "model/missing-slice");
  } else if (!is_valid(what_.candidate, value->second)) {
    // said already
  } else if (!slice.samples.empty() && n == metrics.end()) {
    none("samples",
         "the number of samples " + text::quoted(slice.samples, 80) + " of the slice is missing");
  } else if (!slice.samples.empty() && !at_least(n->second, slice.min_n)) {
    consequence(
        slice.on_small,
        "the slice has " + shown(n->second) + " samples, and " + shown(slice.min_n) + " are needed",
        "model/small-slice");
  } else {
    slice_values(slice, value->second);
  }
  slice_.clear();
}

}  // namespace

std::string shown(double value) {
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 6);
  return {text.data(), end.ptr};
}

std::string_view name(Verdict verdict) {
  constexpr std::array<std::string_view, 4> names = {"promote", "hold", "reject", "no verdict"};
  return names.at(static_cast<std::size_t>(verdict));
}

Judgement judge(const Policy& policy, const Case& what) {
  Judgement out;
  out.no_verdict = mismatches(policy, what);
  out.verdict = out.no_verdict.empty() ? Verdict::promote : Verdict::none;
  if (out.verdict == Verdict::none) {
    return out;  // numbers of another subject would only mislead
  }
  std::size_t looked_at = 0;
  for (const Check& check : policy.checks) {
    Judge(check, what, out.lines).run();
  }
  for (const Line& line : out.lines) {
    out.verdict = std::max(out.verdict, line.outcome);
    looked_at += line.skipped ? 0 : 1;
    if (line.outcome == Verdict::none) {
      out.no_verdict.push_back(line.says);
    }
  }
  if (looked_at == 0) {
    out.verdict = Verdict::none;
    out.no_verdict.emplace_back("every check was skipped, so nothing was looked at");
  }
  return out;
}

std::vector<diag::Finding> findings(const Judgement& judgement, const std::string& file) {
  std::vector<diag::Finding> out;
  for (const Line& line : judgement.lines) {
    if (line.code.empty()) {
      continue;
    }
    const bool is_unproven = line.code == "model/not-proven";
    out.push_back(
        {.location = {.file = line.file.empty() ? file : line.file},
         .code = line.code,
         .severity =
             line.outcome == Verdict::promote ? diag::Severity::warning : diag::Severity::error,
         .message =
             (line.slice.empty() ? "" : "slice " + text::printable(line.slice) + ": ") + line.says,
         .hint = is_unproven ? "the model is held, not rejected: more samples may prove it" : ""});
  }
  return out;
}

}  // namespace sluice::model
