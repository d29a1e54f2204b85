// The pages of sign-in and of one's own account, in one list.
// Called by cli, which hands it to declareRoutes, and by tests.

import type { Route } from '../routes.ts'
import { accountRoutes } from './account.ts'
import type { AuthDeps } from './deps.ts'
import { invitationRoutes } from './invitation.ts'
import { proveRoutes } from './prove.ts'
import { secondFactorRoutes } from './second-factor.ts'
import { setupRoutes } from './setup.ts'
import { signInRoutes } from './sign-in.ts'

export function authRoutes(deps: AuthDeps): Route[] {
  return [
    ...setupRoutes(deps),
    ...signInRoutes(deps),
    ...secondFactorRoutes(deps),
    ...invitationRoutes(deps),
    ...accountRoutes(deps),
    ...proveRoutes(deps),
  ]
}
