-- Every seat as JSON.
return answer(call('HVALS', at('seats')))
