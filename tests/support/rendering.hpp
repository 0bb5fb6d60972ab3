// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <map>
#include <string>

/// What tests of sluice-render with the real helm and kustomize share. Units are called "name@env".
namespace sluice::test {

/// The first of these programs that is not on PATH; empty when all are.
std::string missing_program(std::initializer_list<std::string> programs);

/// The environment of a program that needs nothing but PATH: "PATH=...".
std::string search_path();

/// The units of a stream, with their documents, each behind its "---" and its line of provenance.
std::map<std::string, std::string> units_in(const std::string& stream);

/// The units that an index.json names as not rendered, with the reason.
std::map<std::string, std::string> skipped_in(const std::string& index);

}  // namespace sluice::test
