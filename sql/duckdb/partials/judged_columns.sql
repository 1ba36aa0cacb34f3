-- The columns of a table of days that a day is judged by: not as of when it is, how many predictions wait, and what is counted by events.

{{define "judged_columns"}}{{if eq . "days"}}* exclude (as_of, pending, missing, repeated, corrected, duplicated, withdrawn, orphans){{else}}*{{end}}{{end}}
