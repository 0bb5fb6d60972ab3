// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/running.hpp"

namespace sluice::cost {

/// What an Argo Workflow, CronWorkflow or WorkflowTemplate asks for at its worst moment, as one
/// entry whose pod is all pods that run then: steps follow each other, tasks of a graph run
/// together unless one waits for the other, `parallelism` is a bound. Loops over a list count as
/// often as it has items; over a parameter, once ("at least"). A template that a CronWorkflow or
/// Workflow of the stream runs is counted there.
RunningPods workflow_pods(const Lookup& lookup, const ContainerDefaults& defaults);

}  // namespace sluice::cost
