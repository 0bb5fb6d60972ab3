// SPDX-License-Identifier: Apache-2.0
#include "promote/rules.hpp"

#include "base/semver.hpp"
#include "base/text.hpp"
#include "promote/freeze.hpp"

#include <algorithm>

namespace sluice::promote {

namespace {

diag::Finding finding(const Target& target,
                      std::string code,
                      std::string message,
                      std::string hint) {
  diag::Finding out{.code = std::move(code),
                    .message = std::move(message),
                    .hint = std::move(hint),
                    .env = target.environment};
  if (target.holder != nullptr && !target.holder->slots.empty()) {
    out.location = target.holder->slots.front().place.location;
  }
  return out;
}

std::string quoted(std::string_view text) {
  return text::printable(text, 300);
}

std::string tag_of(const std::string& reference) {
  const auto parsed = image::parse(reference);
  return parsed ? parsed->tag : reference;
}

std::string digest_of(const Item& item) {
  const auto parsed = image::parse(item.after);
  return parsed ? parsed->digest : std::string();
}

/// What is compared with the digest of an evidence: of a model whose URI has none, its name.
bool covers(const Evidence& evidence, const Item& item, const std::string& digest) {
  if (evidence.subject == EvidenceOf::image) {
    return item.kind == ItemKind::image && !digest.empty() && evidence.digest == digest;
  }
  return item.kind == ItemKind::model && evidence.name == item.after;
}

/// A model's URI names no digest: the verdict of an arrival covers what the same URI covered.
bool arrival_covers(const Arrival& arrival,
                    const Item& item,
                    std::string_view gate,
                    const std::string& digest,
                    std::string& line) {
  for (const std::string& verdict : arrival.verdicts) {
    const bool fits = item.kind == ItemKind::model
                          ? verdict.starts_with(std::string(gate) + "=pass ")
                          : !digest.empty() && verdict_covers(verdict, gate, digest);
    if (fits) {
      line = verdict;
      return true;
    }
  }
  return false;
}

}  // namespace

bool same_version(const std::string& held, const std::string& wanted) {
  if (held == wanted) {
    return true;
  }
  const auto left = image::parse(held);
  const auto right = image::parse(wanted);
  if (!left || !right || !image::same_name(*left, *right)) {
    return false;
  }
  const bool tags = !left->tag.empty() && !right->tag.empty();
  const bool digests = !left->digest.empty() && !right->digest.empty();
  return (tags || digests) && (!tags || left->tag == right->tag) &&
         (!digests || left->digest == right->digest);
}

std::vector<diag::Finding> check_order(const Target& target, std::span<const Earlier> earlier) {
  std::vector<diag::Finding> findings;
  for (const Earlier& each : earlier) {
    const std::string& wanted = target.item->after;
    const auto other = std::ranges::find_if_not(
        each.held, [&](const std::string& held) { return same_version(held, wanted); });
    if (each.held.empty() || other != each.held.end()) {
      const std::string there =
          each.held.empty() ? "nothing of " + quoted(target.item->name) : quoted(*other);
      findings.push_back(finding(target, "promote/out-of-order",
                                 quoted(wanted) + " cannot go to " + target.environment + ": " +
                                     each.environment + " holds " + there,
                                 "promote it to " + each.environment + " first"));
      continue;
    }
    const auto wanted_reference = image::parse(wanted);
    const auto unpinned = std::ranges::find_if(each.held, [&](const std::string& held) {
      const auto reference = image::parse(held);
      return reference && reference->digest.empty();
    });
    if (wanted_reference && !wanted_reference->digest.empty() && unpinned != each.held.end()) {
      auto warning =
          finding(target, "promote/unpinned",
                  each.environment + " holds " + quoted(*unpinned) +
                      " without a digest, so it is not known to be " + wanted_reference->digest,
                  "pin the digest in " + each.environment + " too");
      warning.severity = diag::Severity::warning;
      findings.push_back(std::move(warning));
    }
  }
  return findings;
}

const config::PromoteEnvironment& rules_of(const config::Config& config, std::string_view name) {
  static const config::PromoteEnvironment none;
  if (!config.promote) {
    return none;
  }
  const auto& all = config.promote->environments;
  const auto found = std::ranges::find(all, name, &config::PromoteEnvironment::name);
  return found == all.end() ? none : *found;
}

std::vector<diag::Finding> check_freeze(const config::Config& config,
                                        std::string_view environment,
                                        time::Seconds now) {
  const config::Freeze* window = open_freeze(rules_of(config, environment).freezes, now);
  if (window == nullptr && config.promote) {
    window = open_freeze(config.promote->freezes, now);
  }
  if (window == nullptr) {
    return {};
  }
  const std::string end = end_of(*window, now);
  return {{.location = window->at,
           .code = "promote/frozen",
           .message =
               std::string(environment) + " is frozen until " + end + ": " + quoted(window->reason),
           .hint = "come again then, or change the window in sluice.yaml",
           .env = std::string(environment)}};
}

diag::Finding held(const Target& target, const std::string& file, const std::string& reason) {
  return finding(target, "promote/held",
                 quoted(target.item->name) + " is held in " + target.environment + " by " + file +
                     (reason.empty() ? std::string() : ": " + quoted(reason)),
                 "sluice-promote release --env " + target.environment + " ends a hold");
}

std::vector<diag::Finding> check_hold(const Target& target) {
  if (!target.holder->held) {
    return {};
  }
  return {held(target, "a comment at its place", target.holder->hold)};
}

bool comparable(const Item& item) {
  const auto before = semver::parse_version(tag_of(item.before));
  const auto after = semver::parse_version(tag_of(item.after));
  // "20261120" and "1234567" are numbers, not versions; as a major version they would still order
  // builds, but a short hash of digits would not.
  const auto dotted = [](const std::string& text) { return text.find('.') != std::string::npos; };
  return before && after && dotted(tag_of(item.before)) && dotted(tag_of(item.after));
}

diag::Finding downgrade(const Target& target, const std::string& why) {
  return finding(target, "promote/downgrade",
                 target.environment + " would go back from " +
                     quoted(short_version(target.item->before)) + " to " +
                     quoted(short_version(target.item->after)) + ": " + why,
                 "use rollback, or --allow-downgrade if that is meant");
}

std::vector<diag::Finding> check_downgrade(const Target& target, Downgrade allowed) {
  if (allowed == Downgrade::allow || !comparable(*target.item)) {
    return {};
  }
  if (*semver::parse_version(tag_of(target.item->after)) <
      *semver::parse_version(tag_of(target.item->before))) {
    return {downgrade(target, "it is the lower version")};
  }
  return {};
}

std::vector<diag::Finding> check_soak(const Target& target,
                                      std::int64_t soak,
                                      std::span<const Arrival> arrivals,
                                      time::Seconds now) {
  std::vector<diag::Finding> findings;
  const std::int64_t at = now.time_since_epoch().count();
  for (const Arrival& arrival : arrivals) {
    if (soak == 0 || (!arrival.commit.empty() && arrival.time + soak <= at)) {
      continue;
    }
    const std::string since =
        arrival.commit.empty()
            ? "it is not known since when " + arrival.environment + " holds it"
            : arrival.environment + " holds it since " +
                  time::to_string(time::Seconds(std::chrono::seconds(arrival.time))) +
                  ", it may go on at " +
                  time::to_string(time::Seconds(std::chrono::seconds(arrival.time + soak)));
    findings.push_back(finding(target, "promote/soaking",
                               quoted(target.item->after) + " must be in " + arrival.environment +
                                   " for " + time::to_string(std::chrono::seconds(soak)) + ": " +
                                   since,
                               "come again then"));
  }
  return findings;
}

std::vector<std::string> gates_for(const config::Config& config,
                                   std::string_view environment,
                                   ItemKind kind) {
  // Each gate judges one kind of thing: nothing else could ever have its pass.
  const std::string_view gate = kind == ItemKind::image   ? "scan-gate"
                                : kind == ItemKind::model ? "model-gate"
                                                          : "";
  const config::PromoteEnvironment& rules = rules_of(config, environment);
  const bool is_asked =
      rules.evidence            ? std::ranges::find(*rules.evidence, gate) != rules.evidence->end()
      : kind == ItemKind::image ? config.scan_gate.has_value()
                                : kind == ItemKind::model && config.model_gate.has_value();
  return is_asked ? std::vector<std::string>{std::string(gate)} : std::vector<std::string>();
}

std::vector<diag::Finding> check_evidence(const Target& target,
                                          std::span<const std::string> gates,
                                          std::span<const Evidence> files,
                                          std::span<const Arrival> arrivals,
                                          time::Seconds now,
                                          std::vector<std::string>& used) {
  std::vector<diag::Finding> findings;
  const Item& item = *target.item;
  const std::string digest = digest_of(item);
  for (const std::string& gate : gates) {
    std::string line;
    std::string why = "there is none";
    for (const Evidence& evidence : files) {
      if (evidence.tool != "sluice-" + gate || !covers(evidence, item, digest)) {
        continue;
      }
      if (evidence.verdict != "pass") {
        why = "its verdict is \"" + evidence.verdict + '"';
      } else if (time::parse(evidence.created).value_or(time::Seconds::max()) > now) {
        why = "it is of " + evidence.created + ", which is to come";
      } else {
        line = verdict_line(evidence);
      }
    }
    for (const Arrival& arrival : arrivals) {
      if (line.empty()) {
        (void)arrival_covers(arrival, item, gate, digest, line);
      }
    }
    if (!line.empty()) {
      if (std::ranges::find(used, line) == used.end()) {
        used.push_back(line);
      }
      continue;
    }
    if (item.kind == ItemKind::image && digest.empty()) {
      why = "evidence is for a digest, and the reference has none";
    }
    findings.push_back(
        finding(target, "promote/no-evidence",
                "no pass of " + gate + " for " + quoted(item.after) + ": " + why,
                "give the gate's file with --evidence, made for exactly this digest"));
  }
  return findings;
}

std::vector<diag::Finding> check_expected(const Target& target, std::string_view expected) {
  const std::string& before = target.item->before;
  if (expected.empty() || before == expected || short_version(before) == expected) {
    return {};
  }
  return {finding(target, "promote/changed",
                  target.environment + " holds " + quoted(before) + ", not " + quoted(expected),
                  "somebody was quicker; look at it and start again")};
}

}  // namespace sluice::promote
