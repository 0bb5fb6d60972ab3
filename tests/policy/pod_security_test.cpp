// SPDX-License-Identifier: Apache-2.0
// Rules with podSecurity, and what `kyverno apply` of version 1.19 says of each Pod.
#include "policy/evaluate.hpp"
#include "support/kyverno_rows.hpp"

#include <gtest/gtest.h>

namespace sluice::policy {
namespace {

struct Row {
  std::string_view pod_security;  ///< of the rule
  std::string_view container;     ///< further fields of its only container ...
  std::string_view spec;          ///< ... of the Pod's spec ...
  std::string_view metadata;      ///< ... and of its metadata
  std::string_view message;       ///< what is forbidden; empty: a pass; "error"
};

constexpr Row
    rows[] =
        {
            {R"j({"level":"baseline"})j", "", "", "", ""},
            {R"j({"level":"restricted","version":"latest"})j",
             R"j(,"securityContext":{"allowPrivilegeEscalation":false,"runAsNonRoot":true,"capabilities":{"drop":["ALL"]},"seccompProfile":{"type":"RuntimeDefault"}})j",
             "", "", ""},
            {R"j({"level":"restricted","version":"latest"})j", "", "", "",
             R"j((Forbidden reason: allowPrivilegeEscalation != false, field error list: [spec.containers[0].securityContext.allowPrivilegeEscalation: Required value])(Forbidden reason: unrestricted capabilities, field error list: [spec.containers[0].securityContext.capabilities.drop: Required value])(Forbidden reason: runAsNonRoot != true, field error list: [spec.containers[0].securityContext.runAsNonRoot: Required value])(Forbidden reason: seccompProfile, field error list: [spec.containers[0].securityContext.seccompProfile.type: Required value]))j"},
            {R"j({"level":"restricted","version":"v1.19"})j", "", "", "",
             R"j((Forbidden reason: allowPrivilegeEscalation != false, field error list: [spec.containers[0].securityContext.allowPrivilegeEscalation: Required value])(Forbidden reason: unrestricted capabilities, field error list: [spec.containers[0].securityContext.capabilities.drop: Required value])(Forbidden reason: runAsNonRoot != true, field error list: [spec.containers[0].securityContext.runAsNonRoot: Required value])(Forbidden reason: seccompProfile, field error list: [spec.containers[0].securityContext.seccompProfile.type: Required value]))j"},
            {R"j({"level":"restricted","version":"v1.24"})j", "",
             R"j(,"os":{"name":"windows"})j", "", R"j((Forbidden reason: allowPrivilegeEscalation != false, field error list: [spec.containers[0].securityContext.allowPrivilegeEscalation: Required value])(Forbidden reason: unrestricted capabilities, field error list: [spec.containers[0].securityContext.capabilities.drop: Required value])(Forbidden reason: runAsNonRoot != true, field error list: [spec.containers[0].securityContext.runAsNonRoot: Required value])(Forbidden reason: seccompProfile, field error list: [spec.containers[0].securityContext.seccompProfile.type: Required value]))j"},
            {R"j({"level":"restricted","version":"v1.25"})j", "", R"j(,"os":{"name":"windows"})j",
             "",
             R"j((Forbidden reason: runAsNonRoot != true, field error list: [spec.containers[0].securityContext.runAsNonRoot: Required value]))j"},
            {R"j({"level":"restricted","version":"v1.19"})j",
             R"j(,"securityContext":{"allowPrivilegeEscalation":false,"runAsNonRoot":true,"capabilities":{"drop":["ALL"]},"seccompProfile":{"type":"RuntimeDefault"}})j",
             R"j(,"securityContext":{"runAsUser":0})j", "",
             R"j((Forbidden reason: runAsUser=0, field error list: [spec.securityContext.runAsUser is forbidden, forbidden values found: 0]))j"},
            {R"j({"level":"baseline"})j", "",
             R"j(,"hostNetwork":true,"hostPID":true,"hostIPC":false)j", "",
             R"j((Forbidden reason: host namespaces, field error list: [spec.hostNetwork is forbidden, forbidden values found: true, spec.hostPID is forbidden, forbidden values found: true]))j"},
            {R"j({"level":"baseline"})j", "",
             R"j(,"volumes":[{"name":"v","hostPath":{"path":"/x"}},{"name":"w","emptyDir":{}}])j",
             "",
             R"j((Forbidden reason: hostPath volumes, field error list: [spec.volumes[0].hostPath is forbidden, forbidden values found: /x]))j"},
            {R"j({"level":"restricted","version":"latest"})j",
             R"j(,"securityContext":{"allowPrivilegeEscalation":false,"runAsNonRoot":true,"capabilities":{"drop":["ALL"]},"seccompProfile":{"type":"RuntimeDefault"}})j",
             R"j(,"volumes":[{"name":"v","nfs":{"server":"a","path":"/"}},{"name":"w"},{"name":"e","image":{"reference":"x"}}])j",
             "",
             R"j((Forbidden reason: restricted volume types, field error list: [spec.volumes[0].nfs: Forbidden, spec.volumes[1].unknown: Forbidden]))j"},
            {R"j({"level":"baseline"})j",
             R"j(,"ports":[{"containerPort":1},{"containerPort":80,"hostPort":80}])j", "", "",
             R"j((Forbidden reason: hostPort, field error list: [spec.containers[0].ports[1].hostPort is forbidden, forbidden values found: 80]))j"},
            {R"j({"level":"baseline"})j",
             R"j(,"livenessProbe":{"httpGet":{"port":80,"host":"x"}})j", "", "",
             R"j((Forbidden reason: probe or lifecycle host, field error list: []))j"},
            {R"j({"level":"baseline","version":"v1.19"})j",
             R"j(,"livenessProbe":{"httpGet":{"port":80,"host":"x"}})j", "", "",
             R"j((Forbidden reason: probe or lifecycle host, field error list: []))j"},
            {R"j({"level":"baseline"})j",
             R"j(,"securityContext":{"privileged":true,"procMount":"Unmasked"})j", "", "",
             R"j((Forbidden reason: privileged, field error list: [spec.containers[0].securityContext.privileged is forbidden, forbidden values found: true])(Forbidden reason: procMount, field error list: [spec.containers[0].securityContext.procMount is forbidden, forbidden values found: Unmasked]))j"},
            {R"j({"level":"baseline"})j",
             R"j(,"securityContext":{"procMount":"","capabilities":{"add":["SYS_ADMIN","CHOWN","NET_RAW"]}})j",
             "", "",
             R"j((Forbidden reason: non-default capabilities, field error list: [spec.containers[0].securityContext.capabilities.add is forbidden, forbidden values found: [NET_RAW SYS_ADMIN]])(Forbidden reason: procMount, field error list: [spec.containers[0].securityContext.procMount: Forbidden]))j"},
            {R"j({"level":"restricted","version":"latest"})j",
             R"j(,"securityContext":{"allowPrivilegeEscalation":false,"runAsNonRoot":true,"capabilities":{"drop":["KILL"],"add":["NET_BIND_SERVICE","CHOWN"]},"seccompProfile":{"type":"RuntimeDefault"}})j",
             "", "",
             R"j((Forbidden reason: unrestricted capabilities, field error list: [spec.containers[0].securityContext.capabilities.drop is forbidden, forbidden values found: [KILL], spec.containers[0].securityContext.capabilities.add is forbidden, forbidden values found: [CHOWN]]))j"},
            {R"j({"level":"baseline"})j", "", "",
             R"j(,"annotations":{"container.apparmor.security.beta.kubernetes.io/c":"unconfined"})j",
             R"j((Forbidden reason: forbidden AppArmor profile, field error list: [spec.template.metadata.annotations[container.apparmor.security.beta.kubernetes.io/c] is forbidden, forbidden values found: unconfined]))j"},
            {R"j({"level":"baseline"})j",
             R"j(,"securityContext":{"appArmorProfile":{"type":"Unconfined"}})j",
             R"j(,"securityContext":{"appArmorProfile":{}})j", "", R"j((Forbidden reason: forbidden AppArmor profiles, field error list: [spec.securityContext.appArmorProfile.type: Forbidden, spec.containers[0].securityContext.appArmorProfile.type is forbidden, forbidden values found: Unconfined]))j"},
            {R"j({"level":"baseline","version":"v1.29"})j",
             R"j(,"securityContext":{"seLinuxOptions":{"type":"container_engine_t","user":"u"}})j",
             "", "",
             R"j((Forbidden reason: seLinuxOptions, field error list: [spec.containers[0].securityContext.seLinuxOptions.type is forbidden, forbidden values found: container_engine_t, spec.containers[0].securityContext.seLinuxOptions.user is forbidden, forbidden values found: u]))j"},
            {R"j({"level":"baseline","version":"v1.31"})j",
             R"j(,"securityContext":{"seLinuxOptions":{"type":"container_engine_t","role":"r"}})j",
             "", "",
             R"j((Forbidden reason: seLinuxOptions, field error list: [spec.containers[0].securityContext.seLinuxOptions.role is forbidden, forbidden values found: r]))j"},
            {R"j({"level":"baseline","version":"v1.29"})j", "",
             R"j(,"securityContext":{"sysctls":[{"name":"net.ipv4.tcp_rmem"},{"name":"net.ipv4.tcp_fin_timeout"}]})j",
             "",
             R"j((Forbidden reason: forbidden sysctls, field error list: [spec.securityContext.sysctls[0].name is forbidden, forbidden values found: net.ipv4.tcp_rmem]))j"},
            {R"j({"level":"baseline"})j", "",
             R"j(,"securityContext":{"windowsOptions":{"hostProcess":true},"seccompProfile":{"type":"Unconfined"}})j",
             "",
             R"j((Forbidden reason: seccompProfile, field error list: [spec.securityContext.seccompProfile.type is forbidden, forbidden values found: Unconfined])(Forbidden reason: hostProcess, field error list: [spec.securityContext.windowsOptions.hostProcess is forbidden, forbidden values found: true]))j"},
            {R"j({"level":"restricted","version":"latest"})j",
             R"j(,"securityContext":{"allowPrivilegeEscalation":false,"runAsNonRoot":false,"capabilities":{"drop":["ALL"]},"seccompProfile":{"type":"RuntimeDefault"}})j",
             R"j(,"securityContext":{"runAsNonRoot":false,"seccompProfile":{"type":"Unconfined"}})j",
             "",
             R"j((Forbidden reason: runAsNonRoot != true, field error list: [spec.securityContext.runAsNonRoot is forbidden, forbidden values found: false, spec.containers[0].securityContext.runAsNonRoot is forbidden, forbidden values found: false])(Forbidden reason: seccompProfile, field error list: [spec.securityContext.seccompProfile.type is forbidden, forbidden values found: Unconfined])(Forbidden reason: seccompProfile, field error list: [spec.securityContext.seccompProfile.type is forbidden, forbidden values found: Unconfined]))j"},
            {R"j({"level":"privileged"})j", "", "", "",
             R"j((Forbidden reason: allowPrivilegeEscalation != false, field error list: [spec.containers[0].securityContext.allowPrivilegeEscalation: Required value])(Forbidden reason: unrestricted capabilities, field error list: [spec.containers[0].securityContext.capabilities.drop: Required value])(Forbidden reason: runAsNonRoot != true, field error list: [spec.containers[0].securityContext.runAsNonRoot: Required value])(Forbidden reason: seccompProfile, field error list: [spec.containers[0].securityContext.seccompProfile.type: Required value]))j"},
            {R"j({"level":"restricted","exclude":[{"controlName":"Privilege Escalation","images":["nginx*"]},{"controlName":"Capabilities","images":["*"]},{"controlName":"Seccomp"}]})j",
             "", "", "",
             R"j((Forbidden reason: runAsNonRoot != true, field error list: [spec.containers[0].securityContext.runAsNonRoot: Required value]))j"},
            {R"j({"level":"baseline","exclude":[{"controlName":"Capabilities","images":["*"],"restrictedField":"spec.containers[*].securityContext.capabilities.add","values":["SYS_*"]}]})j",
             R"j(,"securityContext":{"capabilities":{"add":["SYS_ADMIN"]}})j", "", "", ""},
            {R"j({"level":"baseline","exclude":[{"controlName":"Capabilities","images":["*"],"restrictedField":"spec.containers[*].securityContext.capabilities.add","values":["SYS_*"]}]})j",
             R"j(,"securityContext":{"capabilities":{"add":["SYS_ADMIN","NET_RAW"]}})j", "", "",
             R"j((Forbidden reason: non-default capabilities, field error list: [spec.containers[0].securityContext.capabilities.add is forbidden, forbidden values found: [NET_RAW SYS_ADMIN]]))j"},
            {R"j({"level":"baseline","exclude":[{"controlName":"Host Namespaces","restrictedField":"spec.hostPID","values":["true"]}]})j",
             "", R"j(,"hostNetwork":true,"hostPID":true)j", "",
             R"j((Forbidden reason: host namespaces, field error list: [spec.hostNetwork is forbidden, forbidden values found: true]))j"},
            {R"j({"level":"baseline","exclude":[{"controlName":"SELinux","images":["other*"]}]})j",
             R"j(,"securityContext":{"seLinuxOptions":{"type":"x"}})j", "", "",
             R"j((Forbidden reason: seLinuxOptions, field error list: [spec.containers[0].securityContext.seLinuxOptions.type is forbidden, forbidden values found: x]))j"},
            {R"j({"level":"baseline"})j", "", R"j(,"hostNetwork":"yes")j", "", R"j(error)j"},
            {R"j({"level":"baseline"})j", "",
             R"j(,"hostNetwork":null,"volumes":null,"securityContext":null)j", "", ""},
};

std::string pod_of(const Row& row) {
  return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a")" + std::string(row.metadata) +
         R"(},"spec":{"containers":[{"name":"c","image":"nginx:1")" + std::string(row.container) +
         "}]" + std::string(row.spec) + "}}";
}

TEST(PodSecurity, AsTheCli) {
  for (const auto& row : rows) {
    const std::string pod = pod_of(row);
    SCOPED_TRACE(std::string(row.pod_security) + " " + pod);
    const std::string policy =
        policy_with(R"("validate":{"podSecurity":)" + std::string(row.pod_security) + "}");
    const auto results = judged(policy, pod, "");
    ASSERT_EQ(results.size(), 1U);
    if (row.message.empty()) {
      EXPECT_EQ(results[0].status, RuleStatus::pass) << results[0].message;
    } else if (row.message == "error") {
      EXPECT_EQ(results[0].status, RuleStatus::error) << results[0].message;
    } else {
      EXPECT_EQ(results[0].status, RuleStatus::fail);
      const auto at = results[0].message.find("\": (");
      ASSERT_NE(at, std::string::npos) << results[0].message;
      EXPECT_EQ(results[0].message.substr(at + 3), row.message);
    }
  }
}

TEST(PodSecurity, RefusesWhatTheCliRefuses) {
  for (const auto* const wrong :
       {R"({"level":"strict"})", R"({"level":"baseline","version":"v1.33"})",
        R"({"level":"baseline","exclude":[{"controlName":"Nothing"}]})",
        R"({"level":"baseline","exclude":[{"controlName":"Volume Types"}]})",
        R"({"level":"baseline","exclude":[{"controlName":"Capabilities"}]})",
        R"({"level":"baseline","exclude":[{"controlName":"Sysctls","images":["*"]}]})",
        R"({"level":"baseline","exclude":[{"controlName":"SELinux","values":["x"]}]})"}) {
    EXPECT_TRUE(is_refused(policy_with(R"("validate":{"podSecurity":)" + std::string(wrong) + "}")))
        << wrong;
  }
}

}  // namespace
}  // namespace sluice::policy
