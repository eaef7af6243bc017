namespace SmsAi.Web.Features.Access;

/// <summary>What came of a try to sign in.</summary>
internal abstract record SignInOutcome
{
    private SignInOutcome()
    {
    }

    /// <summary>In; with a second factor to set up first, if the role asks for one.</summary>
    internal sealed record SignedIn(bool MustEnrol) : SignInOutcome;

    /// <summary>The password was right; the ticket comes back with the code.</summary>
    internal sealed record NeedsCode(string Ticket) : SignInOutcome;

    /// <summary>The ticket is too old, or the account changed meanwhile: begin again.</summary>
    internal sealed record Expired : SignInOutcome;

    /// <summary>Not looked at: too much comes from this address, or at once from everywhere.</summary>
    internal sealed record MustWait(string Words, TimeSpan Wait) : SignInOutcome;

    /// <summary>Refused, in the words the page shows; the same for accounts that exist and that don't.</summary>
    internal sealed record Refused(string Words) : SignInOutcome;
}
