-- Where the meeting stands.
return answer()
