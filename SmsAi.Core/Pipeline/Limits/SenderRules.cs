using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Queueing;

namespace SmsAi.Core.Pipeline.Limits;

/// <summary>Who is never answered, by what is known of the sender alone.</summary>
public sealed class SenderRules(OurNumbers ours, TimeProvider clock)
{
    public Refusal? Check(Turn turn)
    {
        var person = turn.Person;
        if (person.IsBlocked)
            return new Refusal("blocked", "blocked");
        // A text between two numbers of ours would go back and forth for ever.
        if (ours.Contains(person.Address) || OurNumbers.AreSame(person.Address, turn.OurNumber))
            return new Refusal("ignored", "own_number");
        if (person.Verdict is not ("valid" or "whatsapp_id"))
            return new Refusal("ignored", "not_a_number");
        if (person.HasOptedOut)
            return new Refusal("opted_out", "opted_out");
        return person.MutedUntil > clock.GetUtcNow() ? new Refusal("ignored", "muted") : null;
    }
}
