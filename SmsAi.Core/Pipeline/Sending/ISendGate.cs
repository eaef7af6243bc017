namespace SmsAi.Core.Pipeline.Sending;

/// <summary>
/// A condition under which an outbound message may leave, as constant SQL over <c>o</c> (its row in messages, or what becomes that row:
/// id, user_id, kind, reply_to) and <c>c</c> (its conversation). All gates stand in each of the two statements that make a message "sending":
/// the one that stores it and the one for what was stored before. A condition that is null or false keeps the message.
/// </summary>
public interface ISendGate
{
    /// <summary>A fixed word: shown when the gate is closed, kept in queue.held_by and in the ledger.</summary>
    string Name { get; }

    /// <summary>A boolean SQL expression without parameters.</summary>
    string Condition { get; }

    /// <summary>Closed for good for this message (it ends in this state), or null when it is held until the gate opens.</summary>
    string? EndsAs => null;
}
