// SPDX-License-Identifier: Apache-2.0
#include "config/loosened.hpp"

#include "base/text.hpp"
#include "model/judge.hpp"
#include "model/policy.hpp"

#include <algorithm>
#include <array>

namespace sluice::model {
namespace {

std::string word(Consequence what) {
  constexpr std::array<std::string_view, 3> words = {"fail", "hold", "skip"};
  return std::string(words.at(static_cast<std::size_t>(what)));
}

std::string word(Method method) {
  constexpr std::array<std::string_view, 3> words = {"none", "wilson", "bootstrap"};
  return std::string(words.at(static_cast<std::size_t>(method)));
}

std::string named(const std::string& value) {
  return value.empty() ? "not there" : text::quoted(value, 80);
}

class Comparison {
 public:
  Comparison(const Policy& base, const Policy& head, const std::string& file)
      : base_(base), head_(head), out_(file, base.may_loosen) {}

  std::vector<diag::Finding> run() {
    bindings();
    for (const Check& check : base_.checks) {
      const auto now = std::ranges::find(head_.checks, check.metric, &Check::metric);
      const std::string where = "checks[" + text::printable(check.metric, 80) + ']';
      if (now == head_.checks.end()) {
        out_.note("checks", where, "required", "not there");
      } else {
        limits(where + '.', check, *now);
        proof(where + '.', check, *now);
        slices(where + '.', check, *now);
      }
    }
    for (const std::string& part : head_.may_loosen) {
      if (!base_.may_loosen.contains(part)) {
        out_.note("", "may_loosen", "without " + part, "with " + part);
      }
    }
    return out_.take();
  }

 private:
  void bindings() {
    const auto turned = [&](const std::string& where, bool is_looser, const char* before,
                            const char* now) {
      if (is_looser) {
        out_.note("bindings", where, before, now);
      }
    };
    turned("commit", head_.commit > base_.commit, "expected", "recorded");
    turned("model_sha256", head_.model_binding > base_.model_binding, "required", "optional");
    turned("champion.none", head_.allow_floor_only && !base_.allow_floor_only, "fail",
           "allow-floor-only");
    turned("mlflow.history", head_.mlflow.history > base_.mlflow.history, "single", "latest");
    // Another name means another champion, other data or another model than was agreed on.
    const std::array<std::tuple<const char*, const std::string*, const std::string*>, 4> names = {{
        {"data_sha256", &base_.data_sha256, &head_.data_sha256},
        {"mlflow.model", &base_.mlflow.model, &head_.mlflow.model},
        {"mlflow.alias", &base_.mlflow.alias, &head_.mlflow.alias},
        {"mlflow.artifact", &base_.mlflow.artifact, &head_.mlflow.artifact},
    }};
    for (const auto& [where, before, now] : names) {
      if (!before->empty() && *before != *now) {
        out_.note("bindings", where, named(*before), named(*now));
      }
    }
  }

  void limits(const std::string& where, const Check& before, const Check& now) {
    if (before.direction != now.direction) {
      out_.note("checks", where + "direction",
                before.direction == Direction::higher ? "higher" : "lower",
                now.direction == Direction::higher ? "higher" : "lower");
    }
    for (const auto& [key, member] :
         {std::pair{"min", &Check::min}, std::pair{"valid[0]", &Check::valid_low},
          std::pair{"improve.min", &Check::improve_min},
          std::pair{"improve.min_rel", &Check::improve_rel}}) {
      out_.floor("checks", where + key, before.*member, now.*member, shown);
    }
    for (const auto& [key, member] :
         {std::pair{"max", &Check::max}, std::pair{"valid[1]", &Check::valid_high},
          std::pair{"regression.max_drop", &Check::max_drop},
          std::pair{"regression.max_drop_rel", &Check::max_drop_rel}}) {
      out_.ceiling("checks", where + key, before.*member, now.*member, shown);
    }
    if (before.required && !now.required) {
      out_.note("checks", where + "required", "true", "false");
    }
  }

  void proof(const std::string& where, const Check& before, const Check& now) {
    if (!before.samples.empty() && before.samples != now.samples) {
      out_.note("checks", where + "samples.metric", named(before.samples), named(now.samples));
    } else if (now.min_samples < before.min_samples) {
      out_.note("checks", where + "samples.min", shown(before.min_samples), shown(now.min_samples));
    }
    const Confidence& asked = before.confidence;
    if (asked.method == Method::none) {
      return;
    }
    if (now.confidence.method != asked.method) {
      out_.note("checks", where + "ci.method", word(asked.method), word(now.confidence.method));
    } else if (now.confidence.level < asked.level) {
      out_.note("checks", where + "ci.level", shown(asked.level), shown(now.confidence.level));
    } else if (asked.method == Method::bootstrap &&
               (now.confidence.seed != asked.seed || now.confidence.resamples < asked.resamples)) {
      // Seeds can be tried until one passes.
      out_.note("checks", where + "ci",
                std::to_string(asked.resamples) + " draws of seed " + std::to_string(asked.seed),
                std::to_string(now.confidence.resamples) + " of seed " +
                    std::to_string(now.confidence.seed));
    }
  }

  void slices(const std::string& where, const Check& before, const Check& now) {
    for (const Slice& slice : before.slices) {
      const auto same = std::ranges::find(now.slices, slice.name, &Slice::name);
      const std::string place = where + "slices[" + text::printable(slice.name, 80) + ']';
      if (same == now.slices.end()) {
        out_.note("checks", place, "required", "not there");
      } else {
        one_slice(place + '.', slice, *same);
      }
    }
  }

  void one_slice(const std::string& where, const Slice& before, const Slice& now) {
    if (before.metric != now.metric) {
      out_.note("checks", where + "metric", named(before.metric), named(now.metric));
    }
    out_.floor("checks", where + "min", before.min, now.min, shown);
    out_.ceiling("checks", where + "max", before.max, now.max, shown);
    out_.ceiling("checks", where + "max_drop", before.max_drop, now.max_drop, shown);
    const bool skips_more = now.on_small == Consequence::skip && now.min_n > before.min_n;
    if (now.min_n < before.min_n || skips_more) {
      out_.note("checks", where + "min_n", shown(before.min_n), shown(now.min_n));
    }
    for (const auto& [key, member] :
         {std::pair{"on_missing", &Slice::on_missing}, std::pair{"on_small", &Slice::on_small}}) {
      if (now.*member > before.*member) {
        out_.note("checks", where + key, word(before.*member), word(now.*member));
      }
    }
  }

  const Policy& base_;
  const Policy& head_;
  config::Loosened out_;
};

}  // namespace

std::vector<diag::Finding> loosened(const Policy& base,
                                    const Policy& head,
                                    const std::string& file) {
  return Comparison(base, head, file).run();
}

}  // namespace sluice::model
