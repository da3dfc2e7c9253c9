// Importing this file is how a test asks to run while nothing else does: it measures how long real processes take.
export {};
