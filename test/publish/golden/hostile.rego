# Rego policy, written by Plimsoll from the profile recommended.
# Servers: hostile (as 'hostile')
package plimsoll["hostile"]

import rego.v1

default decision := "deny"

decision := words[input.tool] if definitions[input.tool] == input.definition

words := {
	# ": deny
	# Because its name says so. (name: “it”)
	"\"": "deny",
	# # a: deny
	# Because its name says so. (name: “it”)
	"# a": "deny",
	# __proto__: allow
	# Because its name says so. (name: “it”)
	"__proto__": "allow",
	# `a`: allow
	# Because its name says so. (name: “it”)
	"`a`": "allow",
	# a"]\npermit: allow
	# Because its name says so. (name: “it”)
	"a\"]\npermit": "allow",
	# a\u{202E}b: allow
	# Because its name says so. (name: “it”)
	"a\u202eb": "allow",
	# {{a}}: deny
	# Because its name says so. (name: “it”)
	"{{a}}": "deny",
	# 文件_读取: deny
	# Because its name says so. (name: “it”)
	"文件_读取": "deny",
}

definitions := {
	"\"": "0c926fba014b31b506cd4ceb60d646c0c867432650fa0671fcafed6b772614a3",
	"# a": "c684e354ece751103696c482355f9c872f08ab3a7d5e6f201746678c9a9fd3b4",
	"__proto__": "687b4cd3e337b92f6685ef49412e00c17444c41114e98bcf4c6d9851a2517bd3",
	"`a`": "4fe51e5df25d21e15782c75dd8a70fd2b6ee375d66fe2deac87c8a8f9c34afb4",
	"a\"]\npermit": "0017aacf84824eb3ab47d1e85e08ae3c379365ddf1eab64c0c9bd66e4d46a974",
	"a\u202eb": "a87bbf75c8e3f04d518641c432c0f87a01ebdd26796168384c9fdb93e020653e",
	"{{a}}": "49b716c34a0d0b19e60bc2301704d2708faa60212e194f07170ff2f80b0462b4",
	"文件_读取": "b757ba64916972960930e27f4bc949bccee97f99fc3078051a5f8684068dd361",
}

limits := {
}

approvals := {
}

hidden := {
}
