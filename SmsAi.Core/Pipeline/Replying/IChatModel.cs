namespace SmsAi.Core.Pipeline.Replying;

/// <summary>The edge to the language model; everything it can answer arrives as a value, never as an exception.</summary>
public interface IChatModel
{
    /// <summary>Asks for the next turn, once: trying again, and how often, is the flow's decision.</summary>
    Task<ModelResult> AnswerAsync(ModelRequest request, CancellationToken cancel);
}

/// <summary>Who speaks in a turn.</summary>
public enum ModelRole
{
    /// <summary>The person who texts us.</summary>
    User,

    /// <summary>An earlier answer of ours.</summary>
    Assistant,
}

/// <summary>One turn of the conversation so far.</summary>
public readonly record struct ModelTurn(ModelRole Role, string Text);

/// <summary>What the model is asked.</summary>
/// <param name="SafetyIdentifier">A keyed hash of the person, at most 64 characters; null sends none.</param>
public sealed record ModelRequest(
    string SystemPrompt, IReadOnlyList<ModelTurn> Turns, string? SafetyIdentifier, string Model, int MaxTokens, double Temperature);

/// <summary>Tokens as the service counted them. Cached ones are part of the input, reasoning ones part of the output.</summary>
public readonly record struct ModelUsage(int Input, int Cached, int Output, int Reasoning);
