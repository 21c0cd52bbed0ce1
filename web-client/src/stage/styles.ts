// How the stage looks, for every page that draws it: one place for a new scene's styles. After theme.css, before the page's own.
import './stage.css';
import './scenes_before.css';
import './scenes_turn.css';
import './scenes_round.css';
import './scenes_result.css';
