-- A server says that it lives, by its own clock. ARGV: 4 its name and clock. Answers what all servers said last.
call('HSET', at('servers'), me, ARGV[4])
return answer(call('HGETALL', at('servers')))
