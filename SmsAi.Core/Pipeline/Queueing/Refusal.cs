namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>Why a text gets no answer of the model: the state its row ends in, a fixed word for the ledger, and a notice to send instead, if any.</summary>
public sealed record Refusal(string State, string Why, string? Notice = null);
