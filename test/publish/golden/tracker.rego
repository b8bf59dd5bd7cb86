# Rego policy, written by Plimsoll from the profile recommended.
# Servers: tracker (as 'tracker')
package plimsoll["tracker"]

import rego.v1

default decision := "deny"

decision := words[input.tool] if definitions[input.tool] == input.definition

words := {
	# delete_issue: ask
	# Because its name says so. (name: “it”)
	"delete_issue": "ask",
	# list_issues: allow
	# Because its name says so. (name: “it”)
	"list_issues": "allow",
	# move_files: ask
	# Because its name says so. (name: “it”)
	"move_files": "ask",
	# run_query: deny
	# Because its name says so. (name: “it”)
	"run_query": "deny",
	# secret: hide
	# Because its name says so. (name: “it”)
	"secret": "deny",
	# update_issue: allow
	# Because its name says so. (name: “it”)
	"update_issue": "limit",
}

definitions := {
	"delete_issue": "11c1a6f137fcb38ac3cdc68021d6e097ba942fd591a977f2b2a7af1dd567d018",
	"list_issues": "470863068cfcc792b7beb4a2c71a13ba88117104cd35d8d54d8d764a829f65ab",
	"move_files": "7d2f129099801451302ae4ecd153ffcae4b8178228213f65b4213e302c5cf5c1",
	"run_query": "a11726a2e5920f5e944fe9c3fc2ac53ee66acb64679c98bbde6d8180401c4ee5",
	"secret": "c1980264fc223a890afae83c91bd2d438ef2ad0dae751fdea3660c3e556b1396",
	"update_issue": "9bdf0e9f526c78df6404b212117b547c6c9c1f4fa7182fa06215e8eee08b0d48",
}

limits := {
	"delete_issue": [ { "counter": "c", "window": "hour", "max": 5, "scope": "grant" }, { "counter": "d", "window": "day", "max": 20, "scope": "grant" } ],
	"update_issue": [ { "counter": "c", "window": "hour", "max": 5, "scope": "grant" } ],
}

approvals := {
	"delete_issue": { "by": "user", "timeout": "PT5M", "show": [ "tool", "arguments" ] },
	"move_files": { "by": "user", "timeout": "PT5M", "show": [ "tool", "arguments", "server", "reason" ] },
}

hidden := {
	"secret": true,
}
