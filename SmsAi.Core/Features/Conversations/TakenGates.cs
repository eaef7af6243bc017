using SmsAi.Core.Pipeline.Sending;

namespace SmsAi.Core.Features.Conversations;

/// <summary>While a person has the conversation, an answer of the AI doesn't leave: it ends as a suggestion beside her reply.</summary>
public sealed class TakenGate : ISendGate
{
    public string Name => "taken";

    public string Condition => "o.kind <> 'answer' or c.taken_by is null";

    public string EndsAs => "draft";
}

/// <summary>Nor does what a machine says in place of an answer; that is no suggestion to anybody.</summary>
public sealed class TakenNoticeGate : ISendGate
{
    public string Name => "taken";

    public string Condition => "o.kind not in ('apology', 'notice') or c.taken_by is null";

    public string EndsAs => "cancelled";
}
