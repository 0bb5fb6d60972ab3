// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/program.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

/// A bare repository on disk with three environments, and sluice-promote run against it.
namespace sluice::test {

class Playground {
 public:
  Playground() {
    std::filesystem::create_directories(at("work"));
    std::filesystem::create_directories(at("home"));
    git("init -q -b main .");
    write("sluice.yaml",
          "environments:\n"
          "- {name: dev, match: {path: ['envs/dev/**']}}\n"
          "- {name: stg, match: {path: ['envs/stg/**']}, after: [dev]}\n"
          "- {name: prd, match: {path: ['envs/prd/**']}, after: [stg]}\n");
    for (const std::string env : {"dev", "stg", "prd"}) {
      write("envs/" + env + "/kustomization.yaml",
            "resources: [../../base]\nimages:\n  - name: ghcr.io/acme/iris   # keep me\n    "
            "newTag: \"1.4.1\"\n");
    }
    commit("The base");
    git("clone -q --bare . ../platform.git");
    git("remote add origin ../platform.git");
  }

  [[nodiscard]] std::filesystem::path at(const std::string& path) const {
    return scratch_.path() / path;
  }

  void write(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories((at("work") / path).parent_path());
    std::ofstream(at("work") / path, std::ios::binary) << text;
  }

  /// Git in the work tree.
  std::string git(const std::string& words) const {
    Program program{.argv = split_words("/usr/bin/git " + words), .env = env(), .cwd = at("work")};
    const Ran ran = run(program);
    EXPECT_EQ(ran.exit, 0) << words << '\n' << ran.err;
    return ran.out;
  }
  /// Git in the bare repository.
  std::string bare(const std::string& words) const { return git("-C ../platform.git " + words); }

  /// What lies in the work tree becomes a commit of main, here and there.
  void commit(const std::string& message) const {
    git("add -A");
    git("commit -q -m '" + message + "'");
    if (std::filesystem::exists(at("platform.git"))) {
      git("push -q origin main");
    }
  }
  /// Brings the bare repository's main into the work tree.
  void pull() const { git("pull -q --ff-only origin main"); }

  [[nodiscard]] std::vector<std::string> env() const {
    const char* path = std::getenv("PATH");
    std::vector<std::string> all = {
        std::string("PATH=") + (path == nullptr ? "/usr/bin:/bin" : path),
        "HOME=" + at("home").string(),
        "GIT_CONFIG_NOSYSTEM=1",
        "GIT_AUTHOR_NAME=Ada",
        "GIT_AUTHOR_EMAIL=ada@example.com",
        "GIT_COMMITTER_NAME=Ada",
        "GIT_COMMITTER_EMAIL=ada@example.com"};
    all.insert(all.end(), more_env.begin(), more_env.end());
    return all;
  }

  /// `words` after the program's name; --repository is added.
  [[nodiscard]] Ran promote(const std::string& words) const {
    Program program{
        .argv = split_words((std::filesystem::path(SLUICE_BIN_DIR) / "sluice-promote").string() +
                            ' ' + words + " --repository " + at("platform.git").string()),
        .env = env(),
        .cwd = at("work")};
    return run(program);
  }

  /// A file at the tip of a branch.
  [[nodiscard]] std::string file(const std::string& path,
                                 const std::string& branch = "main") const {
    return bare("show " + branch + ':' + path);
  }

  std::vector<std::string> more_env;

 private:
  Scratch scratch_;
};

}  // namespace sluice::test
