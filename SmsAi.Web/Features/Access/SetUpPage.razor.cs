using Microsoft.AspNetCore.Components;
using SmsAi.Core.Features.Access;

namespace SmsAi.Web.Features.Access;

/// <summary>Makes the first owner by the one-time link, then signs her in.</summary>
public sealed partial class SetUpPage
{
    private State _state;
    private NewAccountResult.Invalid? _faults;

    private enum State
    {
        Open, LinkRefused, Done,
    }

    [CascadingParameter] public required HttpContext Context { get; set; }

    [SupplyParameterFromForm(FormName = "set-up")] public SetUpForm? Form { get; set; }

    [Inject] public required FirstOwner Owners { get; init; }

    [Inject] public required SetUpLinks Links { get; init; }

    [Inject] internal OperatorSignIn SignIn { get; init; } = null!;

    [Inject] public required NavigationManager Navigation { get; init; }

    protected override async Task OnInitializedAsync()
    {
        Form ??= new();
        if (!await Links.AreNeededAsync(Context.RequestAborted)) _state = State.Done;
    }

    private async Task SubmitAsync()
    {
        if (_state == State.Done) return;
        var address = Context.Connection.RemoteIpAddress;
        var form = Form!;
        var result = await Owners.MakeByLinkAsync(
            form.Token ?? "", form.Name ?? "", form.Email ?? "", form.Password ?? "", address, Context.RequestAborted);
        switch (result)
        {
            case NewAccountResult.Invalid invalid:
                _faults = invalid;
                break;
            case NewAccountResult.LinkRefused:
                _state = State.LinkRefused;
                break;
            default:
                var entered = await SignIn.TryAsync(form.Email!, form.Password!, address ?? System.Net.IPAddress.None, Context.RequestAborted);
                Navigation.NavigateTo(entered is SignInOutcome.SignedIn { MustEnrol: true } ? "/account" : "/");
                break;
        }
    }

    private static string? Invalid(string? fault) => fault is null ? null : "true";
}

/// <summary>What the set-up page posts; the token comes from after the # of the link.</summary>
public sealed class SetUpForm
{
    public string? Token { get; set; }

    public string? Name { get; set; }

    public string? Email { get; set; }

    public string? Password { get; set; }
}
