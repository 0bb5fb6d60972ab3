// SPDX-License-Identifier: Apache-2.0
#include "git/tool.hpp"

#include "base/text.hpp"
#include "git/work_tree.hpp"
#include "git/repository.hpp"
#include "git/transport.hpp"
#include "io/files.hpp"

#include <ostream>
#include <unistd.h>

namespace sluice::git_tool {

namespace {

using Words = std::vector<std::string>;

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

/// The one word after the first `from` ones, or the current folder.
Result<std::string> root_of(const Words& inputs, std::size_t from = 0) {
  if (inputs.size() > from + 1) {
    return usage("one ROOT, not " + text::counted(inputs.size() - from, "folder"));
  }
  return inputs.size() > from ? inputs[from] : std::string(".");
}

Status print(const Words& words, char end, std::ostream& out) {
  for (const std::string& word : words) {
    if (end == '\n' && word.find('\n') != std::string::npos) {
      return usage("the name \"" + text::printable(word) + "\" holds a line break: use -z");
    }
    out << word << end;
  }
  return ok;
}

Result<diag::Report> files(const Options& options, const cli::Common& common, std::ostream& out) {
  std::string root;
  SLUICE_TRY_ASSIGN(root, root_of(common.inputs));
  Words names;
  SLUICE_TRY_ASSIGN(names, git::tracked_files(root));
  SLUICE_TRY(print(names, options.zero ? '\0' : '\n', out));
  return diag::Report{};
}

Result<diag::Report> export_revision(const Options& options, const cli::Common& common) {
  std::string root;
  SLUICE_TRY_ASSIGN(root, root_of(common.inputs));
  if (options.revision.empty() || options.out.empty()) {
    return usage("export needs --rev REV and --out DIR");
  }
  SLUICE_TRY(git::export_tree(root, options.revision, options.out));
  return diag::Report{};
}

Result<diag::Report> changes(const Options& options, const cli::Common& common, std::ostream& out) {
  std::string root;
  SLUICE_TRY_ASSIGN(root, root_of(common.inputs));
  if (!options.out.empty() && io::exists(options.out)) {
    return usage(text::printable(options.out) + " exists already: --out makes a new folder");
  }
  std::vector<git::Change> found;
  SLUICE_TRY_ASSIGN(found, git::changes(root, options.revision, options.out));
  Words lines;
  for (const git::Change& change : found) {
    lines.push_back(std::string(1, git::letter(change.kind)) + ' ' + change.path);
  }
  SLUICE_TRY(print(lines, options.zero ? '\0' : '\n', out));
  return diag::Report{};
}

Result<diag::Report> resolve(const cli::Common& common, std::ostream& out) {
  if (common.inputs.empty()) {
    return usage("resolve needs a revision");
  }
  std::string root;
  SLUICE_TRY_ASSIGN(root, root_of(common.inputs, 1));
  std::string id;
  SLUICE_TRY_ASSIGN(id, git::resolve(root, common.inputs[0]));
  out << id << '\n';
  return diag::Report{};
}

Result<diag::Report> urls(const cli::Common& common, std::ostream& out) {
  std::string root;
  SLUICE_TRY_ASSIGN(root, root_of(common.inputs));
  Words addresses;
  SLUICE_TRY_ASSIGN(addresses, git::origin_urls(root));
  SLUICE_TRY(print(addresses, '\n', out));
  return diag::Report{};
}

Result<diag::Report> transport(const cli::Common& common, std::ostream& out) {
  if (!common.inputs.empty()) {
    return usage("transport takes its request from standard input");
  }
  constexpr std::uint64_t longest_request = 1 << 20;
  std::string request;
  SLUICE_TRY_ASSIGN(request, io::read_stdin(longest_request));
  out << git::serve(request, STDOUT_FILENO);
  return diag::Report{};
}

std::function<Status(const std::string&)> into(std::string& target) {
  return [&target](const std::string& value) {
    target = value;
    return ok;
  };
}

constexpr std::string_view examples = R"(# the files that a change could touch
sluice-git files -z . | xargs -0 wc -c
# the tree that a merge request is compared with, outside of the work tree
sluice-git export --rev main --out /tmp/main
# the commit that a branch stands for
sluice-git resolve main)";

}  // namespace

cli::Tool make_tool(Options& options) {
  using enum cli::Arity;
  const auto turn_on_zero = [&options](const std::string&) {
    options.zero = true;
    return ok;
  };
  const auto no_flags = std::vector<cli::Flag>{};
  return {
      "sluice-git",
      "Reads a Git repository for the other tools",
      cli::Product::data,
      {{"files",
        "[ROOT]",
        "Prints the tracked files below ROOT, sorted. Files that are only marked to be added are "
        "among them, submodules are not.",
        {{"zero", 'z', switch_on, "", "End each name with a NUL byte", turn_on_zero}},
        [&options](const cli::Common& common, std::ostream& out) {
          return files(options, common, out);
        }},
       {"export",
        "--rev REV --out DIR [ROOT]",
        "Writes what a revision holds below ROOT into an empty folder. Files get the bytes that "
        "were committed: no filter, attribute or hook is applied. Links stay links. The work tree "
        "and the index are not touched.",
        {{"rev", 0, one, "REV", "Export this revision", into(options.revision)},
         {"out", 0, one, "DIR", "Write into DIR, which must be empty or missing",
          into(options.out)}},
        [&options](const cli::Common& common, std::ostream&) {
          return export_revision(options, common);
        }},
       {"changes",
        "[--rev REV] [--out DIR] [ROOT]",
        "Prints on which paths the work tree and a revision differ: A(dded), D(eleted), M(odified) "
        "or R(eplaced, by a link for instance), a blank, and the path. U is what Git does not "
        "keep, submodules and ignored files too; without --rev only that is printed.",
        {{"rev", 0, one, "REV", "Compare with this revision", into(options.revision)},
         {"out", 0, one, "DIR",
          "Write the modified files, as REV has them, into the new folder DIR", into(options.out)},
         {"zero", 'z', switch_on, "", "End each line with a NUL byte", turn_on_zero}},
        [&options](const cli::Common& common, std::ostream& out) {
          return changes(options, common, out);
        }},
       {"resolve", "REV [ROOT]", "Prints the full id of the commit that a revision names.",
        no_flags,
        [](const cli::Common& common, std::ostream& out) { return resolve(common, out); }},
       {"urls", "[ROOT]",
        "Prints the addresses of the remote named origin. User names and passwords in them are "
        "left out.",
        no_flags, [](const cli::Common& common, std::ostream& out) { return urls(common, out); }},
       {"transport", "",
        "For the other tools: one exchange with a server. The request, in which tokens may be, is "
        "JSON on standard input; the reply is a line of JSON.",
        no_flags,
        [](const cli::Common& common, std::ostream& out) { return transport(common, out); }}},
      examples};
}

}  // namespace sluice::git_tool
