// SPDX-License-Identifier: Apache-2.0
#include "flux/context.hpp"

#include "base/text.hpp"

namespace sluice::flux {

std::string quoted(std::string_view text) {
  return '"' + text::printable(text) + '"';
}

const yaml::Value* present(const yaml::Value* mapping, std::string_view key) {
  const auto* value = mapping == nullptr ? nullptr : mapping->find(key);
  return value == nullptr || value->kind == yaml::Kind::null ? nullptr : value;
}

bool is_true(const yaml::Value* mapping, std::string_view key) {
  const auto* value = present(mapping, key);
  return value != nullptr && value->is_true();
}

void Context::report(const Subject& subject,
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

void Context::reject(const Subject& subject,
                     const yaml::Value* node,
                     std::string code,
                     std::string message,
                     std::string hint) {
  unrenderable(subject, message);
  out.unrenderable.back().reported = true;
  report(subject, node, diag::Severity::error, std::move(code), std::move(message),
         std::move(hint));
}

void Context::invalid(const Subject& subject,
                      const yaml::Value* node,
                      std::string message,
                      std::string hint) {
  reject(subject, node, "render/flux-invalid", std::move(message), std::move(hint));
}

void Context::missing(const Subject& subject, const yaml::Value* node, std::string message) {
  reject(subject, node, "render/failed", std::move(message), {});
}

void Context::unrenderable(const Subject& subject, const std::string& reason) {
  out.unrenderable.push_back({.name = subject.unit,
                              .env = std::string(),
                              .defined_at = place(subject, nullptr),
                              .reason = text::printable(reason, 400),
                              .object = subject.resource->ref});
}

}  // namespace sluice::flux
