-- Epoch, version and standing of the meeting, with which every answer begins.
return answer()
