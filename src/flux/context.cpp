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

diag::Location Context::place(const Subject& subject, const yaml::Value* node) const {
  auto place = subject.resource->document->where(*subject.resource->object);
  if (node != nullptr && node->line != 0 && place.line != 0) {
    place.line = node->line;
    place.column = node->column;
  }
  return place;
}

void Context::report(const Subject& subject,
                     const yaml::Value* node,
                     diag::Severity severity,
                     std::string code,
                     std::string message,
                     std::string hint) {
  auto finding = k8s::finding_at(*subject.resource, *subject.resource->object);
  finding.location = place(subject, node);
  finding.severity = severity;
  finding.code = std::move(code);
  finding.message = std::move(message);
  finding.hint = std::move(hint);
  out.findings.push_back(std::move(finding));
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
