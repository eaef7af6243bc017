using System.Collections.Frozen;

namespace SmsAi.Web.Platform.Ui;

/// <summary>How a state is said: one word, one mark, one colour; the same on every page, in CSV and in the API.</summary>
public sealed record StateWord(string Word, IconName Icon, Tone Tone);

/// <summary>The words for the states a message can be in, found by the state's name in the database.</summary>
public static class StateWords
{
    private static readonly FrozenDictionary<string, StateWord> Words = new Dictionary<string, StateWord>
    {
        ["received"] = new("Received", IconName.In, Tone.None),
        ["answering"] = new("Answering", IconName.Dots, Tone.Info),
        ["answered"] = new("Answered", IconName.Check, Tone.None),
        ["ignored"] = new("Not answered", IconName.Blocked, Tone.None),
        ["queued"] = new("Queued", IconName.Circle, Tone.None),
        ["pending"] = new("Queued", IconName.Circle, Tone.None),
        ["draft"] = new("Draft", IconName.Edit, Tone.None),
        ["held"] = new("Held", IconName.Hold, Tone.Warn),
        ["sending"] = new("Sending", IconName.Up, Tone.Info),
        ["uncertain"] = new("Uncertain", IconName.Question, Tone.Warn),
        ["needsperson"] = new("Needs a person", IconName.Person, Tone.Accent),
        ["withperson"] = new("With a person", IconName.Person, Tone.Accent),
        ["sent"] = new("Sent", IconName.Check, Tone.None),
        ["partlydelivered"] = new("Partly delivered", IconName.Warning, Tone.Warn),
        ["delivered"] = new("Delivered", IconName.Checks, Tone.Ok),
        ["read"] = new("Read", IconName.Checks, Tone.Ok),
        ["undelivered"] = new("Undelivered", IconName.Fault, Tone.Stop),
        ["failed"] = new("Failed", IconName.Fault, Tone.Stop),
        ["deadletter"] = new("Dead letter", IconName.DeadLetter, Tone.Stop),
        ["stale"] = new("Stale", IconName.Clock, Tone.None),
        ["optedout"] = new("Opted out", IconName.Blocked, Tone.None),
        ["blocked"] = new("Blocked", IconName.Blocked, Tone.Stop),
        ["cancelled"] = new("Cancelled", IconName.Blocked, Tone.None),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes the database's word (dead_letter) and the code's (DeadLetter). A state nobody named yet is shown as written, rather than hidden.</summary>
    public static StateWord Of(string state) =>
        Words.TryGetValue(Key(state), out var word) ? word : new StateWord(Sentence(state), IconName.Circle, Tone.None);

    internal static bool IsNamed(string state) => Words.ContainsKey(Key(state));

    private static string Key(string state) => state.Replace("_", "", StringComparison.Ordinal);

    private static string Sentence(string state) =>
        state.Length == 0 ? "Unknown" : char.ToUpperInvariant(state[0]) + state[1..].Replace('_', ' ');
}
