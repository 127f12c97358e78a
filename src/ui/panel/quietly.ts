/** For what fails and says so in the state, where it is shown. */
export function quietly(): void {}
