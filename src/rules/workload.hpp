// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/object.hpp"

namespace sluice::rules {

void check_deployment(Object& object);
void check_replica_set(Object& object);
void check_replication_controller(Object& object);
void check_daemon_set(Object& object);
/// Of its pods the server looks at labels, annotations, restartPolicy and deadline only; what it
/// would say against a pod that the controller makes of the template is a warning here.
void check_stateful_set(Object& object);

void check_job(Object& object);       // job.cpp
void check_cron_job(Object& object);  // job.cpp

/// Numbers of a spec that may not be negative.
void check_counts(Object& object,
                  const Node* owner,
                  std::initializer_list<std::string_view> fields);

/// A whole number that is not negative, or a percentage of at most 100: intstr. Returns its number
/// ("25%" is 25), the default when it is absent, and nothing when it is neither.
std::optional<std::int64_t> check_share(Object& object,
                                        const Node* owner,
                                        std::string_view field,
                                        std::int64_t otherwise);

}  // namespace sluice::rules
