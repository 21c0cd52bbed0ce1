-- Some of the list of meetings, the newest first. ARGV: 4 from which place on, 5 how many. Answers their summaries.
local summaries = {}
for _, meeting in ipairs(call('ZREVRANGE', at('list'), ARGV[4], ARGV[4] + ARGV[5] - 1)) do
  summaries[#summaries + 1] = meeting
  summaries[#summaries + 1] = call('HGET', at('summaries'), meeting) or ''
end
return answer(summaries)
