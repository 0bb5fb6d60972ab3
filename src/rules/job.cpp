// SPDX-License-Identifier: Apache-2.0
#include "rules/job_policy.hpp"
#include "rules/metadata.hpp"
#include "rules/pod.hpp"
#include "rules/schedule.hpp"
#include "rules/selector.hpp"
#include "rules/workload.hpp"

#include <array>

namespace sluice::rules {
namespace {

/// An indexed Job makes a pod for each number, which then fails by itself.
void check_indexed(Object& object, const Node* spec) {
  constexpr std::int64_t most = 100'000;
  constexpr std::int64_t most_of_many = 10'000;
  const auto parallelism = object.integer(spec, "parallelism");
  const auto failures = object.integer(spec, "maxFailedIndexes");
  const auto completions = completions_of(object, spec);
  if (!completions) {
    return object.required(spec, "completions", "with completionMode Indexed");
  }
  if (parallelism.value_or(0) > most) {
    object.invalid({spec, "parallelism"}, "schema/range", "be at most 100000 when indexed");
  }
  if (failures && (*failures > *completions || *failures > most)) {
    object.invalid({spec, "maxFailedIndexes"}, "schema/range",
                   "be at most completions, and at most 100000");
  }
  if (*completions <= most || !object.has(spec, "backoffLimitPerIndex")) {
    return;
  }
  if (!failures) {
    object.required(spec, "maxFailedIndexes", "with more than 100000 completions");
  } else if (*failures > most_of_many) {
    object.invalid({spec, "maxFailedIndexes"}, "schema/range",
                   "be at most 10000 with more than 100000 completions");
  }
  if (parallelism.value_or(0) > most_of_many) {
    object.invalid({spec, "parallelism"}, "schema/range",
                   "be at most 10000 with more than 100000 completions");
  }
}

void check_modes(Object& object, const Node* spec) {
  if (object.has(spec, "completionMode")) {
    object.chosen(spec, "completionMode", {"NonIndexed", "Indexed"});
  }
  const std::string_view mode = object.text(spec, "completionMode");
  if (mode == "Indexed") {
    check_indexed(object, spec);
  } else if (mode.empty() || mode == "NonIndexed") {
    for (const std::string_view field : {"backoffLimitPerIndex", "maxFailedIndexes"}) {
      if (object.has(spec, field)) {
        object.forbidden({spec, field}, "unless completionMode is Indexed");
      }
    }
  }
  if (object.has(spec, "maxFailedIndexes") && !object.has(spec, "backoffLimitPerIndex")) {
    object.required(spec, "backoffLimitPerIndex", "with maxFailedIndexes");
  }
  if (object.has(spec, "managedBy")) {
    const std::string_view manager = object.text(spec, "managedBy");
    object.text_form({spec, "managedBy"}, manager, Form::domain_path);
    if (manager.size() > 63) {
      object.invalid({spec, "managedBy"}, "schema/range", "be at most 63 characters");
    }
  }
}

void check_restart_policy(Object& object, const Node* spec) {
  const Node* pod = object.get(spec, {"template", "spec"});
  if (pod == nullptr) {
    return;
  }
  const std::string_view policy = object.text(pod, "restartPolicy");
  if (policy.empty()) {
    return object.required(pod, "restartPolicy", "for the pods of a Job",
                           "OnFailure restarts the container, Never makes a new pod");
  }
  if (policy != "OnFailure" && policy != "Never") {
    constexpr std::array<std::string_view, 2> known{"OnFailure", "Never"};
    object.unsupported({pod, "restartPolicy"}, known);
  } else if (policy != "Never" && object.has(spec, "podFailurePolicy")) {
    object.invalid({pod, "restartPolicy"}, "schema/conflict", "be Never with a podFailurePolicy");
  }
}

/// The spec of a Job or of the template of a CronJob.
void check_spec(Object& object, const Node* spec) {
  check_counts(object, spec,
               {"parallelism", "completions", "activeDeadlineSeconds", "backoffLimit",
                "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes"});
  check_modes(object, spec);
  check_job_policies(object, spec);
  check_template(object, spec);
  check_restart_policy(object, spec);
}

/// Unless the author insists, the server makes the selector of a Job.
void check_job_selector(Object& object, const Node* spec) {
  if (object.is_true(spec, "manualSelector")) {
    return check_workload_selector(object, spec);
  }
  const Node* selector = object.get(spec, "selector");
  if (selector != nullptr && !is_empty_selector(object, selector)) {
    object.forbidden({spec, "selector"}, "unless manualSelector is true",
                     "leave it out: the server makes one");
  }
}

/// Pods of an indexed Job have its name and their number as a host name.
void check_host_names(Object& object, const Node* spec) {
  const auto completions = completions_of(object, spec).value_or(0);
  const std::string name = name_after_generation(object);
  const Node* metadata = object.get(object.root(), "metadata");
  if (object.text(spec, "completionMode") == "Indexed" && completions > 0 &&
      !has_form(Form::dns_label, name + "-" + std::to_string(completions - 1))) {
    object.invalid({metadata, object.has(metadata, "name") ? "name" : "generateName"}, "meta/name",
                   "be a DNS label with the number of each pod behind it",
                   "without dots, and with room for '-' and the number in 63 characters");
  }
}

}  // namespace

std::optional<std::int64_t> completions_of(const Object& object, const Node* spec) {
  const bool neither = object.resource().ref.kind == "Job" && !object.has(spec, "completions") &&
                       !object.has(spec, "parallelism");
  return neither ? std::optional<std::int64_t>(1) : object.integer(spec, "completions");
}

void check_job(Object& object) {
  const Node* spec = object.get(object.root(), "spec");
  check_spec(object, spec);
  check_job_selector(object, spec);
  check_host_names(object, spec);
}

void check_cron_job(Object& object) {
  constexpr std::size_t name_limit = 52;  // the controller adds 11 characters for each Job
  const Node* metadata = object.get(object.root(), "metadata");
  if (name_after_generation(object).size() > name_limit) {
    object.invalid({metadata, object.has(metadata, "name") ? "name" : "generateName"}, "meta/name",
                   "be at most 52 characters", "the names of its Jobs have 11 more");
  }
  const Node* spec = object.get(object.root(), "spec");
  if (spec == nullptr) {
    return object.required(object.root(), "spec");
  }
  const std::string_view schedule = object.text(spec, "schedule");
  if (schedule.empty()) {
    object.required(spec, "schedule");
  } else if (const std::string wrong = wrong_schedule(schedule); !wrong.empty()) {
    object.invalid({spec, "schedule"}, "schema/format", wrong);
  }
  if (object.has(spec, "timeZone") && !is_time_zone(object.text(spec, "timeZone"))) {
    object.invalid({spec, "timeZone"}, "schema/format", "be a time zone of the IANA database",
                   "such as Europe/Berlin or Etc/UTC, in just this case");
  }
  check_counts(object, spec,
               {"startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"});
  object.one_of(spec, "concurrencyPolicy", {"Allow", "Forbid", "Replace"});
  const Node* job = object.get(spec, "jobTemplate");
  if (object.get(job, "spec") == nullptr) {
    return job == nullptr ? object.required(spec, "jobTemplate") : object.required(job, "spec");
  }
  const Node* inner = object.get(job, "spec");
  check_spec(object, inner);
  if (object.has(inner, "selector")) {
    object.forbidden({inner, "selector"}, "in a CronJob", "leave it out: the server makes one");
  }
  if (object.is_true(inner, "manualSelector")) {
    object.forbidden({inner, "manualSelector"}, "in a CronJob");
  }
}

}  // namespace sluice::rules
