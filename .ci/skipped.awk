# Shows `go test -v` as `go test` does, with every test that was skipped and why.
# A package's lines are kept until its verdict; those of a failed one are all shown.
/^(ok|FAIL|---|\?) *\t/ || /^FAIL$/ || /no test files/ {
	if ($0 ~ /^FAIL/) printf "%s", all
	else for (i = 1; i <= skips; i++) print "  skipped: " skip[i]
	print; fflush()
	all = ""; skips = 0; why = ""
	next
}
{ all = all $0 "\n" }
/^ +[a-z_0-9]+_test\.go:[0-9]+: / { sub(/^ +[a-z_0-9]+_test\.go:[0-9]+: /, ""); why = $0 }
/^ +> (\[[a-z]+\] )?skip '/ { sub(/^[^']*'/, ""); sub(/'$/, ""); why = $0 } # of a script
/--- SKIP: / { sub(/^.*--- SKIP: /, ""); sub(/ \([0-9.]+s\)$/, ""); skip[++skips] = $0 ": " substr(why, 1, 120); why = "" }
END { printf "%s", all }
