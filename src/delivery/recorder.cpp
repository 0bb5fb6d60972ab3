// SPDX-License-Identifier: Apache-2.0
#include "delivery/recorder.hpp"

#include "base/text.hpp"

namespace sluice::delivery {

void Recorder::report(const Subject& subject,
                      const yaml::Value* node,
                      diag::Severity severity,
                      std::string code,
                      std::string message,
                      std::string hint) {
  out.findings.push_back(k8s::placed({.code = std::move(code),
                                      .severity = severity,
                                      .message = std::move(message),
                                      .hint = std::move(hint)},
                                     *subject.resource, node));
}

void Recorder::wrong(const Subject& subject,
                     const yaml::Value* node,
                     std::string message,
                     std::string hint) {
  report(subject, node, diag::Severity::error, std::string(invalid_code_), std::move(message),
         std::move(hint));
}

void Recorder::reject(const Subject& subject,
                      const yaml::Value* node,
                      std::string code,
                      std::string message,
                      std::string hint) {
  unrenderable(subject, message);
  out.unrenderable.back().reported = true;
  report(subject, node, diag::Severity::error, std::move(code), std::move(message),
         std::move(hint));
}

void Recorder::invalid(const Subject& subject,
                       const yaml::Value* node,
                       std::string message,
                       std::string hint) {
  reject(subject, node, std::string(invalid_code_), std::move(message), std::move(hint));
}

void Recorder::missing(const Subject& subject, const yaml::Value* node, std::string message) {
  reject(subject, node, "render/failed", std::move(message), {});
}

void Recorder::unrenderable(const Subject& subject, const std::string& reason) {
  unrenderable(subject, subject.name, reason);
}

void Recorder::unrenderable(const Subject& subject, std::string name, const std::string& reason) {
  out.unrenderable.push_back({.name = text::printable(name),
                              .env = std::string(),
                              .defined_at = place(subject, nullptr),
                              .reason = text::printable(reason, 400),
                              .object = subject.resource->ref});
}

}  // namespace sluice::delivery
