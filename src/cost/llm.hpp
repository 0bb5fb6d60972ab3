// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/running.hpp"

namespace sluice::cost {

/// What an LLMInferenceService (KServe v0.20) runs: the decoding workload, one for prefilling where
/// it is written, and the scheduler. Each is merged from the runtime, the
/// LLMInferenceServiceConfigs of baseRefs in their order, and the service itself, of which the last
/// wins.
RunningPods llm_pods(const Lookup& lookup);

}  // namespace sluice::cost
